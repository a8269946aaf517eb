const definitions = `
	<filter color-interpolation-filters="sRGB" id="soft3" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="3"/></filter>
	<filter color-interpolation-filters="sRGB" id="soft9" x="-50%" y="-80%" width="200%" height="260%"><feGaussianBlur stdDeviation="9"/></filter>
	<filter color-interpolation-filters="sRGB" id="soft26" x="-60%" y="-80%" width="220%" height="260%"><feGaussianBlur stdDeviation="26"/></filter>
	<filter color-interpolation-filters="sRGB" id="grain" x="0" y="0" width="100%" height="100%">
		<feTurbulence type="fractalNoise" baseFrequency=".003 .07" numOctaves="4" seed="23"/>
		<feColorMatrix values="0 0 0 0 .3  0 0 0 0 .15  0 0 0 0 .06  2.4 0 0 0 -.95"/>
		<feComposite operator="in" in2="SourceAlpha"/>
	</filter>
	<linearGradient id="wall" x2="1" y2=".55"><stop stop-color="#dcd9c8"/><stop offset=".25" stop-color="#d2d0bf"/><stop offset=".5" stop-color="#c2c2b1"/><stop offset=".75" stop-color="#acae9f"/><stop offset="1" stop-color="#90948a"/></linearGradient>
	<linearGradient id="floor" x2="0" y2="1"><stop stop-color="#8d6a48"/><stop offset="1" stop-color="#a9835a"/></linearGradient>
	<linearGradient id="skirting" x2="1"><stop stop-color="#e9e6da"/><stop offset="1" stop-color="#a9aaa0"/></linearGradient>
	<linearGradient id="top" x2="1" y2=".2"><stop stop-color="#c8935c"/><stop offset=".5" stop-color="#b98049"/><stop offset="1" stop-color="#8d5c31"/></linearGradient>
	<linearGradient id="edge" x2="1"><stop stop-color="#a8743f"/><stop offset="1" stop-color="#6d4522"/></linearGradient>
	<linearGradient id="leg"><stop stop-color="#b07c46"/><stop offset=".5" stop-color="#93622f"/><stop offset="1" stop-color="#5f3c1b"/></linearGradient>
	<linearGradient id="paint" x2="1" y2=".3"><stop stop-color="#5f8794"/><stop offset="1" stop-color="#3c5d6b"/></linearGradient>
	<linearGradient id="panel" x2="1" y2=".4"><stop stop-color="#6a93a0"/><stop offset="1" stop-color="#456a78"/></linearGradient>
	<radialGradient id="brass" cx=".35" cy=".3" r=".8"><stop stop-color="#f6dfa0"/><stop offset=".5" stop-color="#c39a4a"/><stop offset="1" stop-color="#6e4f1c"/></radialGradient>
	<linearGradient id="pot"><stop stop-color="#cf8660"/><stop offset=".35" stop-color="#d8926c"/><stop offset="1" stop-color="#8b4a2d"/></linearGradient>
	<linearGradient id="leaf" x2="1" y2="1"><stop stop-color="#7fa565"/><stop offset="1" stop-color="#2f5a38"/></linearGradient>
	<linearGradient id="shade" x2="1"><stop stop-color="#30343a"/><stop offset=".4" stop-color="#4b525b"/><stop offset="1" stop-color="#1b1e22"/></linearGradient>
	<radialGradient id="glow" cx=".5" cy="0" r="1"><stop stop-color="#fff0bf" stop-opacity=".75"/><stop offset="1" stop-color="#fff0bf" stop-opacity="0"/></radialGradient>
	<linearGradient id="note" x2=".3" y2="1"><stop stop-color="#fbe36a"/><stop offset="1" stop-color="#eec63a"/></linearGradient>
	<radialGradient id="sticker" cx=".35" cy=".3" r=".85"><stop stop-color="#f0573f"/><stop offset="1" stop-color="#bf2a1d"/></radialGradient>
	<radialGradient id="vignette" cx=".45" cy=".45" r=".8"><stop offset=".55" stop-opacity="0"/><stop offset="1" stop-opacity=".32"/></radialGradient>`;

const leaf = (angle: number, length: number) =>
	`<path transform="rotate(${angle})" d="M0 0C${-length * 0.22} ${-length * 0.4} ${-length * 0.16} ${-length * 0.8} 0 ${-length} ${length * 0.18} ${-length * 0.8} ${length * 0.2} ${-length * 0.4} 0 0Z" fill="url(#leaf)"/>`;

const room = `
	<rect width="1200" height="690" fill="url(#wall)"/>
	<path d="M60 -20 330 -20 250 690 -60 690Z" fill="#fff6d8" opacity=".22" filter="url(#soft26)"/>
	<rect y="690" width="1200" height="110" fill="url(#floor)"/>
	<rect y="690" width="1200" height="110" filter="url(#grain)" opacity=".6"/>
	<path d="M0 728h1200M0 772h1200" stroke="#4b3019" stroke-width="2" opacity=".55"/>
	<rect y="644" width="1200" height="48" fill="url(#skirting)"/>
	<path d="M0 645h1200" stroke="#f6f4ea" stroke-width="3" opacity=".8"/>
	<rect y="690" width="1200" height="16" fill="#2b1b0d" opacity=".45" filter="url(#soft3)"/>
	<path d="M190 470H1060L1120 640H260Z" fill="#1d1c16" opacity=".28" filter="url(#soft26)"/>`;

const art = `
	<g transform="translate(770 84)">
		<rect x="10" y="14" width="190" height="236" fill="#20241e" opacity=".45" filter="url(#soft9)"/>
		<rect width="190" height="236" fill="#5a4028"/><rect x="9" y="9" width="172" height="218" fill="#e8e3d3"/>
		<rect x="30" y="32" width="130" height="172" fill="#d3a983"/>
		<path d="M30 150C70 110 100 170 160 128V204H30Z" fill="#7b4a3a"/><path d="M30 176C80 150 110 196 160 164V204H30Z" fill="#3f3a44"/>
		<circle cx="112" cy="82" r="25" fill="#c4563b"/>
	</g>`;

const desk = `
	<path d="M150 716h940v22H190Z" fill="#150c05" opacity=".5" filter="url(#soft9)"/>
	<path d="M196 462h36l-12 262h-18ZM968 640h34l-8 84h-18ZM676 640h32l-4 84h-18Z" fill="url(#leg)"/>
	<rect x="660" y="458" width="360" height="194" fill="url(#paint)"/>
	<rect x="660" y="458" width="360" height="22" fill="#0d1a20" opacity=".35" filter="url(#soft3)"/>
	<rect x="676" y="474" width="328" height="164" fill="#20343d"/>
	<rect x="679" y="477" width="322" height="158" fill="url(#panel)"/>
	<path d="M681 634V479H1000" fill="none" stroke="#9fc0ca" stroke-width="2" opacity=".5"/>
	<circle cx="718" cy="564" r="15" fill="#0e1c22" opacity=".5" filter="url(#soft3)"/><circle cx="713" cy="556" r="13" fill="url(#brass)"/>
	<path d="M206 412H994L1046 448H154Z" fill="url(#top)"/>
	<path d="M206 412H994L1046 448H154Z" fill="#000" filter="url(#grain)" opacity=".8"/>
	<path d="M154 448h892v18H154Z" fill="url(#edge)"/><path d="M154 449h892" stroke="#e6b67e" stroke-width="2" opacity=".6"/>`;

const onTheDesk = `
	<ellipse cx="330" cy="430" rx="92" ry="14" fill="#2a1708" opacity=".5" filter="url(#soft9)"/>
	<ellipse cx="306" cy="424" rx="52" ry="11" fill="#15181b"/><ellipse cx="306" cy="420" rx="52" ry="11" fill="url(#shade)"/>
	<path d="M306 418 272 300 372 196" fill="none" stroke="#22262b" stroke-width="9" stroke-linecap="round" stroke-linejoin="round"/>
	<path d="M304 412 271 300 370 196" fill="none" stroke="#6b747d" stroke-width="2" opacity=".8"/>
	<circle cx="272" cy="300" r="9" fill="url(#brass)"/>
	<path d="M340 250 470 278 520 418 H330Z" fill="url(#glow)" opacity=".7" filter="url(#soft26)"/>
	<g transform="rotate(14 372 196)"><path d="M352 176h40l48 66H308Z" fill="url(#shade)"/><ellipse cx="374" cy="242" rx="66" ry="9" fill="#fff1c4"/></g>
	<ellipse cx="640" cy="428" rx="120" ry="12" fill="#2a1708" opacity=".55" filter="url(#soft9)"/>
	<path d="M530 404h196v22H530Z" fill="#8a3f34"/><path d="M722 404v22h-10v-22Z" fill="#efe6d2"/>
	<path d="M544 382h172v22H544Z" fill="#3e5f58"/><path d="M544 382h8v22h-8Z" fill="#efe6d2"/>
	<path d="M538 364h160v18H538Z" fill="#c9a253"/><path d="M694 364v18h-8v-18Z" fill="#efe6d2"/>
	<path d="M530 420h196v6H530ZM544 399h172v5H544ZM538 378h160v4H538Z" fill="#000" opacity=".22"/>
	<ellipse cx="918" cy="432" rx="80" ry="12" fill="#24140a" opacity=".55" filter="url(#soft9)"/>
	<g transform="translate(896 350)">${[-72, -50, 62, 78, -28, 38, 12, -8].map((angle, i) => leaf(angle, 128 + ((i * 37) % 50))).join('')}</g>
	<path d="M846 346h100l-13 84a8 8 0 0 1-8 6h-58a8 8 0 0 1-8-6Z" fill="url(#pot)"/><path d="M840 338h112v22H840Z" fill="url(#pot)"/><path d="M848 360h97l-1 8h-95Z" fill="#3d1d0e" opacity=".35"/>`;

const cablePath = 'M462 570C430 624 388 606 370 560S312 548 314 600';
const outlet = `
	<rect x="437" y="511" width="64" height="64" rx="8" fill="#1d1c16" opacity=".5" filter="url(#soft3)"/>
	<rect x="433" y="506" width="64" height="64" rx="8" fill="#c6c3b4"/><path d="M435 568V508h60" fill="none" stroke="#e4e1d3" stroke-width="2"/>
	<circle cx="465" cy="538" r="23" fill="#a9a698"/>`;

const note = `
	<g transform="rotate(-5 600 190)">
		<path d="M548 146h112v104q-56 4-106 12Z" fill="#2c2a1e" opacity=".5" filter="url(#soft3)"/>
		<path d="M544 138h112v106q-50 2-112 4Z" fill="url(#note)"/>
		<path d="M560 168q10-12 18 0t18 0 18-1 22 2M560 192q8-11 16 0t16 0 20-1 14 1 12 0M560 216q10-10 18 0t20-1 10 1" fill="none" stroke="#3a3f6b" stroke-width="4" stroke-linecap="round"/>
	</g>`;

const sticker = `
	<circle cx="868" cy="560" r="53" fill="#0d1a20" opacity=".5" filter="url(#soft3)"/>
	<circle cx="865" cy="556" r="53" fill="url(#sticker)"/><circle cx="865" cy="556" r="46" fill="none" stroke="#ffe9d6" stroke-width="2.5" stroke-dasharray="5 4"/>
	<g transform="rotate(-12 865 556)" fill="#fff4e6" font-family="DejaVu Sans, Verdana, sans-serif" font-weight="bold" text-anchor="middle">
		<text x="865" y="549" font-size="20" letter-spacing="2">SALE</text><text x="865" y="578" font-size="27">-30%</text>
	</g>`;

const cable = `
	<path d="${cablePath}" transform="translate(7 6)" fill="none" stroke="#2c2a1e" stroke-width="8" opacity=".35" filter="url(#soft3)"/>
	<path d="${cablePath}" fill="none" stroke="#26282b" stroke-width="8"/>
	<path d="${cablePath}" transform="translate(-1.5 -1.5)" fill="none" stroke="#6a6e73" stroke-width="1.5" opacity=".8"/>
	<rect x="307" y="592" width="14" height="17" rx="3" fill="#26282b"/><rect x="309" y="609" width="10" height="9" fill="#b9bcc0"/>
	<g transform="rotate(-45 462 568)"><rect x="444" y="553" width="38" height="28" rx="8" fill="#26282b"/><path d="M448 557h30" stroke="#6a6e73" stroke-width="2"/></g>`;

/** The room with unwanted things behind the desk and in front of it, as SVG. */
const picture = (behind: string, inFront: string) =>
	`<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800" viewBox="0 0 1200 800">
	<defs>${definitions}</defs>
	${room}${art}${behind}${desk}${onTheDesk}${inFront}
	<rect width="1200" height="800" fill="url(#vignette)"/>
</svg>`;

/** A second-hand desk as its seller would like to show it, as SVG. */
export const tidyDesk = picture('', '');

/** The same desk as it was photographed: a note on the wall, a price sticker, a cable in its outlet. */
export const untidyDesk = picture(outlet + cable, note + sticker);

/** White where the note, the sticker, the cable and the outlet are, with a margin for their shadows; as SVG. */
export const untidyMask = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800" viewBox="0 0 1200 800">
	<rect width="1200" height="800" fill="#000"/>
	<path transform="rotate(-5 600 190)" d="M532 126h142v150H532Z" fill="#fff"/>
	<circle cx="867" cy="558" r="66" fill="#fff"/>
	<path d="${cablePath}" transform="translate(3 3)" fill="none" stroke="#fff" stroke-width="34" stroke-linecap="round"/>
	<rect x="422" y="494" width="90" height="94" rx="14" fill="#fff"/>
</svg>`;
