import sharp from 'sharp';
import { openPicture } from './pictures';

interface Panel {
	title: string;
	/** Small, after the title. */
	detail: string;
	picture: Buffer;
}

const MAX_PANEL = { width: 600, height: 900 };
const GAP_PX = 20;
const CAPTION_PX = 44;
const PAPER = '#f5f6f8';

const escapeXml = (text: string) =>
	text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Two pictures with captions, drawn to the same size, as PNG. */
export async function sideBySide(left: Panel, right: Panel): Promise<Buffer> {
	const shown = await openPicture(left.picture)
		.resize({ ...MAX_PANEL, fit: 'inside' })
		.png()
		.toBuffer({ resolveWithObject: true });
	const { width, height } = shown.info;
	const other = await openPicture(right.picture)
		.resize(width, height, { fit: 'fill' })
		.png()
		.toBuffer();

	const rightX = 2 * GAP_PX + width;
	const caption = ({ title, detail }: Panel, x: number) => `<text x="${x}" y="30" font-size="19">
		<tspan font-weight="bold" fill="#1f2430">${escapeXml(title)}</tspan>
		<tspan dx="6" font-size="15" fill="#6b7280">${escapeXml(detail)}</tspan></text>`;
	const fullWidth = rightX + width + GAP_PX;
	const fullHeight = CAPTION_PX + height + GAP_PX;
	const sheet = `<svg xmlns="http://www.w3.org/2000/svg" width="${fullWidth}" height="${fullHeight}"
		font-family="DejaVu Sans, Helvetica, Arial, sans-serif">
		<rect width="100%" height="100%" fill="${PAPER}"/>
		${caption(left, GAP_PX)}${caption(right, rightX)}
	</svg>`;
	return await sharp(Buffer.from(sheet))
		.composite([
			{ input: shown.data, left: GAP_PX, top: CAPTION_PX },
			{ input: other, left: rightX, top: CAPTION_PX },
		])
		.removeAlpha()
		.png()
		.toBuffer();
}

/** Pictures below one another, as PNG. */
export async function stack(pictures: readonly Buffer[]): Promise<Buffer> {
	const rows = await Promise.all(
		pictures.map(async (input) => ({ input, ...(await sharp(input).metadata()) })),
	);
	let height = 0;
	const placed = rows.map((row) => {
		const top = height;
		height += row.height;
		return { input: row.input, left: 0, top };
	});
	const width = Math.max(...rows.map((row) => row.width));
	return await sharp({ create: { width, height, channels: 3, background: PAPER } })
		.composite(placed)
		.png()
		.toBuffer();
}
