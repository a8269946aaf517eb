import { markedAt } from './samples';

const bean = (x: number, y: number, angle: number, scale = 1) => `
	<g transform="translate(${x} ${y}) rotate(${angle}) scale(${scale})">
		<ellipse cx="5" cy="8" rx="22" ry="12" fill="#140a05" opacity=".55" filter="url(#soft4)"/>
		<ellipse rx="20" ry="12.5" fill="url(#bean)"/>
		<path d="M-18 -1C-8 -6-4 5 4 0S14-3 18 1" fill="none" stroke="#1c0d06" stroke-width="2.4"/>
	</g>`;

const cookie = (x: number, y: number, width: number) => `
	<g transform="translate(${x} ${y})">
		<ellipse cx="16" cy="26" rx="${width}" ry="30" fill="#120a06" opacity=".5" filter="url(#soft10)"/>
		<path d="M${-width} 0v16c0 22 ${2 * width} 22 ${2 * width} 0V0Z" fill="url(#cookieSide)"/>
		<ellipse rx="${width}" ry="30" fill="url(#cookieTop)" filter="url(#crumb)"/>
		<ellipse cx="${-width * 0.42}" cy="-6" rx="10" ry="5" fill="#3b1d0e"/>
		<ellipse cx="${width * 0.1}" cy="9" rx="12" ry="6" fill="#431f0f"/>
		<ellipse cx="${width * 0.5}" cy="-7" rx="9" ry="5" fill="#381a0c"/>
		<ellipse cx="${width * 0.05}" cy="-14" rx="7" ry="3.5" fill="#431f0f"/>
		<ellipse cx="${-width * 0.55}" cy="11" rx="7" ry="4" fill="#381a0c"/>
	</g>`;

const definitions = `
	<filter color-interpolation-filters="sRGB" id="soft4" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="4"/></filter>
	<filter color-interpolation-filters="sRGB" id="soft10" x="-50%" y="-80%" width="200%" height="260%"><feGaussianBlur stdDeviation="10"/></filter>
	<filter color-interpolation-filters="sRGB" id="soft22" x="-50%" y="-80%" width="200%" height="260%"><feGaussianBlur stdDeviation="22"/></filter>
	<filter color-interpolation-filters="sRGB" id="soft45" x="-60%" y="-60%" width="220%" height="220%"><feGaussianBlur stdDeviation="45"/></filter>
	<filter color-interpolation-filters="sRGB" id="wood" x="0" y="0" width="100%" height="100%">
		<feTurbulence type="fractalNoise" baseFrequency=".0022 .055" numOctaves="5" seed="11"/>
		<feColorMatrix values="0 0 0 0 .2  0 0 0 0 .1  0 0 0 0 .05  2.6 0 0 0 -1"/>
	</filter>
	<filter color-interpolation-filters="sRGB" id="speckle" x="0" y="0" width="100%" height="100%">
		<feTurbulence type="fractalNoise" baseFrequency=".19" numOctaves="2" seed="5"/>
		<feColorMatrix values="0 0 0 0 .02  0 0 0 0 .12  0 0 0 0 .13  7 0 0 0 -5"/>
		<feComposite operator="in" in2="SourceAlpha"/>
	</filter>
	<filter color-interpolation-filters="sRGB" id="crumb" x="0" y="0" width="100%" height="100%">
		<feTurbulence type="fractalNoise" baseFrequency=".09" numOctaves="3" seed="3" result="n"/>
		<feColorMatrix in="n" values="0 0 0 0 .28  0 0 0 0 .15  0 0 0 0 .06  1.6 0 0 0 -.68"/>
		<feComposite operator="in" in2="SourceAlpha" result="c"/>
		<feMerge><feMergeNode in="SourceGraphic"/><feMergeNode in="c"/></feMerge>
	</filter>
	<linearGradient id="wall" x2="1" y2=".3">
		<stop stop-color="#98a49a"/><stop offset=".45" stop-color="#6d7a73"/><stop offset="1" stop-color="#36413e"/>
	</linearGradient>
	<linearGradient id="table" x2="0" y2="1">
		<stop stop-color="#8a5f3f"/><stop offset=".35" stop-color="#96673f"/><stop offset="1" stop-color="#6d4527"/>
	</linearGradient>
	<linearGradient id="body">
		<stop stop-color="#0d5256"/><stop offset=".16" stop-color="#1f8583"/><stop offset=".34" stop-color="#2b9c97"/>
		<stop offset=".62" stop-color="#157370"/><stop offset=".88" stop-color="#0a464a"/><stop offset="1" stop-color="#0d5354"/>
	</linearGradient>
	<linearGradient id="clay">
		<stop stop-color="#7d5c42"/><stop offset=".32" stop-color="#bd9670"/><stop offset=".66" stop-color="#8b6748"/><stop offset="1" stop-color="#4a3322"/>
	</linearGradient>
	<linearGradient id="rim"><stop stop-color="#2c9692"/><stop offset=".4" stop-color="#58b5ad"/><stop offset="1" stop-color="#16605f"/></linearGradient>
	<linearGradient id="inside" x2="1" y2=".25"><stop stop-color="#08393b"/><stop offset=".7" stop-color="#1f7c79"/><stop offset="1" stop-color="#2a8a85"/></linearGradient>
	<radialGradient id="coffee" cx=".42" cy=".4" r=".7"><stop stop-color="#6b4023"/><stop offset=".6" stop-color="#3c2010"/><stop offset="1" stop-color="#1f0f07"/></radialGradient>
	<linearGradient id="handle" x2=".9" y2=".6"><stop stop-color="#1c7875"/><stop offset=".5" stop-color="#13605f"/><stop offset="1" stop-color="#07363a"/></linearGradient>
	<radialGradient id="bean" cx=".36" cy=".25" r=".8"><stop stop-color="#7c4a2a"/><stop offset=".55" stop-color="#4a2814"/><stop offset="1" stop-color="#241208"/></radialGradient>
	<radialGradient id="cookieTop" cx=".35" cy=".3" r=".8"><stop stop-color="#c9965a"/><stop offset=".7" stop-color="#a87440"/><stop offset="1" stop-color="#85572c"/></radialGradient>
	<linearGradient id="cookieSide"><stop stop-color="#9a6a38"/><stop offset="1" stop-color="#5c3a1c"/></linearGradient>
	<radialGradient id="vignette" cx=".46" cy=".46" r=".78"><stop offset=".5" stop-opacity="0"/><stop offset="1" stop-opacity=".5"/></radialGradient>
	<linearGradient id="edge" x2="0" y2="1">
		<stop stop-color="#4f4a40" stop-opacity="0"/><stop offset=".55" stop-color="#463f36" stop-opacity=".85"/><stop offset="1" stop-color="#5a4a3a" stop-opacity="0"/>
	</linearGradient>
	<linearGradient id="depth" x2="0" y2="1"><stop stop-color="#4f463c" stop-opacity=".75"/><stop offset=".4" stop-color="#5a4a3a" stop-opacity="0"/></linearGradient>
	<clipPath id="mug"><path d="M448 272C450 410 456 530 478 594 488 626 540 634 600 634S712 626 722 594C744 530 750 410 752 272Z"/></clipPath>`;

const background = `
	<rect width="1200" height="560" fill="url(#wall)"/>
	<g filter="url(#soft45)">
		<rect x="-60" y="20" width="330" height="420" fill="#b9bfa9" opacity=".75"/>
		<rect x="95" y="0" width="26" height="460" fill="#59645d" opacity=".8"/>
		<rect x="-60" y="210" width="330" height="22" fill="#59645d" opacity=".7"/>
		<rect x="790" y="250" width="480" height="34" fill="#20251f" opacity=".75"/>
		<rect x="860" y="120" width="80" height="135" fill="#97583a" opacity=".85"/>
		<rect x="965" y="160" width="70" height="95" fill="#a98d54" opacity=".8"/>
		<ellipse cx="1120" cy="150" rx="85" ry="105" fill="#3f6443" opacity=".95"/>
		<rect x="800" y="330" width="420" height="150" fill="#2a302b" opacity=".6"/>
	</g>
	<g filter="url(#soft10)">
		<circle cx="330" cy="130" r="30" fill="#c8b684" opacity=".22"/><circle cx="395" cy="215" r="22" fill="#c8b684" opacity=".18"/>
		<circle cx="255" cy="290" r="26" fill="#ccc49a" opacity=".18"/><circle cx="820" cy="90" r="24" fill="#c29a62" opacity=".2"/>
	</g>`;

const table = `
	<g>
		<rect y="505" width="1200" height="295" fill="url(#table)"/>
		<rect y="505" width="1200" height="295" filter="url(#wood)" opacity=".5"/>
		<rect y="505" width="1200" height="295" fill="url(#depth)"/>
		<rect y="480" width="1200" height="44" fill="url(#edge)"/>
		<path d="M0 662h1200" stroke="#27140a" stroke-width="3" opacity=".7"/>
		<path d="M0 665h1200" stroke="#b98a5e" stroke-width="1.5" opacity=".35"/>
		<ellipse cx="250" cy="620" rx="330" ry="110" fill="#d9b78a" opacity=".16" filter="url(#soft45)"/>
	</g>`;

const mug = `
	<path d="M480 612C560 650 760 660 940 628 1010 612 960 588 880 585L640 580Z" fill="#0e0704" opacity=".62" filter="url(#soft22)"/>
	<ellipse cx="606" cy="628" rx="128" ry="16" fill="#080402" opacity=".8" filter="url(#soft4)"/>
	<path d="M738 338C866 300 890 520 724 536" fill="none" stroke="url(#handle)" stroke-width="42" stroke-linecap="round"/>
	<path d="M768 326C820 322 852 362 852 410" fill="none" stroke="#6cc0b6" stroke-width="8" stroke-linecap="round" opacity=".5" filter="url(#soft4)"/>
	<g clip-path="url(#mug)">
		<rect x="440" y="260" width="320" height="380" fill="url(#body)"/>
		<rect x="440" y="260" width="320" height="380" filter="url(#speckle)" opacity=".6"/>
		<path d="M440 562C520 592 680 592 760 562V640H440Z" fill="url(#clay)"/>
		<path d="M440 562C520 592 680 592 760 562" fill="none" stroke="#062e30" stroke-width="5" opacity=".55"/>
		<ellipse cx="528" cy="400" rx="26" ry="120" fill="#bfe6dd" opacity=".42" filter="url(#soft22)"/>
		<ellipse cx="742" cy="440" rx="10" ry="130" fill="#6fb3a5" opacity=".35" filter="url(#soft10)"/>
		<path d="M440 640C520 600 690 600 760 640Z" fill="#0a0502" opacity=".5" filter="url(#soft10)"/>
	</g>
	<ellipse cx="600" cy="272" rx="152" ry="36" fill="url(#rim)"/>
	<ellipse cx="600" cy="273" rx="140" ry="29" fill="url(#inside)"/>
	<clipPath id="opening"><ellipse cx="600" cy="273" rx="140" ry="29"/></clipPath>
	<g clip-path="url(#opening)">
		<ellipse cx="600" cy="291" rx="132" ry="25" fill="url(#coffee)"/>
		<ellipse cx="560" cy="285" rx="52" ry="7" fill="#a87444" opacity=".5" filter="url(#soft4)"/>
	</g>`;

/** The clean product picture as SVG: a glazed mug on a wooden table, light from the left. */
export const mugScene = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800" viewBox="0 0 1200 800">
	<defs>${definitions}</defs>
	${background}${table}
	${cookie(292, 640, 92)}${cookie(268, 606, 88)}
	${mug}
	${bean(840, 700, 20)}${bean(902, 726, -32)}${bean(806, 744, 68, 1.1)}${bean(980, 690, 8, 0.9)}${bean(432, 716, -18, 1.1)}
	<rect width="1200" height="800" fill="url(#vignette)"/>
</svg>`;

/** The half-transparent marks of an imaginary picture agency, as SVG to lay over the scene. */
export const watermark = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800" viewBox="0 0 1200 800">
	<g fill="#fff" fill-opacity=".5" font-family="DejaVu Sans, Verdana, sans-serif" font-size="50" letter-spacing="8" text-anchor="middle">
		${markedAt.map(({ x, y }) => `<text transform="translate(${x} ${y}) rotate(-18)" y="18">SAMPLE</text>`).join('')}
	</g>
</svg>`;
