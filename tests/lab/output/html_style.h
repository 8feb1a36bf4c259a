// How the page looks: in light and in dark, on a narrow screen and on paper; nothing is loaded from outside.
// SPDX-License-Identifier: MIT
#pragma once

namespace hss::lab {

/// The ladder is a grid: the time, then two tracks for each party (--tracks), whose lifeline is the line between them.
inline constexpr const char* kHtmlStyle = R"css(
:root{color-scheme:light dark;--page:#fff;--box:#f4f6f8;--text:#1c2128;--dim:#5c6773;--line:#c9d1d9;--arrow:#1f5fa8;
--good:#1a7f37;--refused:#8a5300;--bad:#c62828;--badbox:#fdecea}
@media(prefers-color-scheme:dark){:root{--page:#14181d;--box:#1e242b;--text:#e3e8ee;--dim:#97a3b0;--line:#3a434d;
--arrow:#7db4f0;--good:#5fd07f;--refused:#e6b35c;--bad:#ff7b72;--badbox:#3a1d1d}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:84rem;padding:1rem 1.25rem 4rem;background:var(--page);color:var(--text);
font:15px/1.45 system-ui,"Segoe UI","Helvetica Neue",Arial,"DejaVu Sans",sans-serif}
h1{font-size:1.4rem;margin:0 0 .25rem;overflow-wrap:anywhere}
p{margin:.15rem 0}.dim{color:var(--dim)}a{color:inherit}
.problems{color:var(--bad);margin:.5rem 0 0;padding:0 0 0 1.2rem;font-weight:600}
.ladder{position:relative;margin-top:1rem;min-width:calc(5.5rem + var(--tracks)*4rem)}
.grid{display:grid;grid-template-columns:5.5rem repeat(var(--tracks),minmax(0,1fr));align-items:end}
.head{position:sticky;top:0;z-index:3;background:var(--page);padding:.4rem 0;border-bottom:1px solid var(--line)}
.head b{justify-self:center;padding:.2rem .7rem;border:1px solid var(--line);border-radius:.4rem;background:var(--box)}
.lines{position:absolute;inset:2.5rem 0 0;z-index:0;align-items:stretch;pointer-events:none}
.lines i{border-left:1px solid var(--line)}
.event{position:relative;z-index:1;padding:.3rem 0}
.event:target{outline:2px solid var(--bad);outline-offset:2px}
summary{cursor:pointer;list-style:none;border-radius:.3rem}summary::-webkit-details-marker{display:none}
summary:hover{background:color-mix(in srgb,var(--box) 70%,transparent)}
summary:focus-visible{outline:2px solid var(--arrow)}
time{grid-column:1;color:var(--dim);font-size:.8rem;font-variant-numeric:tabular-nums;white-space:nowrap;
align-self:end;padding-bottom:.1rem}
summary time::before{content:"\25B8";display:inline-block;width:1em}
details[open]>summary time::before{content:"\25BE"}div.event time{align-self:start;padding-top:.35rem}
div.event time::before{content:"";display:inline-block;width:1em}
.arrow{position:relative;text-align:center;padding:0 .7rem .25rem;border-bottom:2px solid var(--arrow);color:var(--arrow)}
.arrow>span:not(.hidden){display:inline-block;background:var(--page);padding:0 .3rem;overflow-wrap:anywhere}
.arrow b{font-weight:650}.arrow::after{content:"";position:absolute;bottom:-6px;border:5px solid transparent}
.right::after{right:-1px;border-right:0;border-left:9px solid var(--arrow)}
.left::after{left:-1px;border-left:0;border-right:9px solid var(--arrow)}
.sip{border-bottom-style:dashed}
.result{display:block;font-size:.85rem;line-height:1.25}
.good{color:var(--good)}.refused{color:var(--refused)}
.bad .arrow{color:var(--bad);border-color:var(--bad)}.bad .right::after{border-left-color:var(--bad)}
.bad .left::after{border-right-color:var(--bad)}
.note{margin-left:.3rem;border:1px solid var(--line);border-radius:.4rem;background:var(--box);padding:.25rem .6rem;overflow-wrap:anywhere}
.note>b{color:var(--dim);font-weight:600;margin-right:.4rem}
.bad .note{border-color:var(--bad);background:var(--badbox);color:var(--bad)}.bad .note>b{color:inherit}
.body>p{font-size:.8rem;margin-top:.5rem}
.body{position:relative;margin:.4rem 0 .8rem 1em;padding:.5rem .8rem .7rem;border:1px solid var(--line);
border-radius:.4rem;background:var(--box)}
h2{font-size:.85rem;margin:.6rem 0 .2rem;color:var(--dim);font-weight:600}
table{border-collapse:collapse;width:100%;font-size:.85rem}
td{vertical-align:top;padding:.12rem .8rem .12rem 0;border-top:1px solid color-mix(in srgb,var(--line) 50%,transparent)}
tr:first-child td{border-top:0}
td:first-child{white-space:nowrap;color:var(--dim);width:1%}
td:last-child{font-family:ui-monospace,"SF Mono",Consolas,"DejaVu Sans Mono",monospace;white-space:pre-wrap;
overflow-wrap:anywhere}
.avps td:first-child{color:var(--text);padding-left:calc(var(--depth,0)*1.3rem)}
.note td{border:0}.bad .note td:first-child{color:inherit}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media print{.head{position:static}body{max-width:none}}
)css";

}  // namespace hss::lab
