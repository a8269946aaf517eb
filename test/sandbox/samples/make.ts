/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
/**
 * Draws the sample pictures: `npx tsx test/sandbox/samples/make.ts [folder]`. The same on every run;
 * the lettering follows the fonts of the machine, so the pictures are committed. Given a folder, the
 * clean originals (`mug-clean.png`, `desk-clean.png`) go there too, to compare results with.
 */
import { join } from 'node:path';
import sharp from 'sharp';
import { tidyDesk, untidyDesk, untidyMask } from './deskScene';
import { mugScene, watermark } from './mugScene';
import { sampleSize, samples } from './samples';

/** Film grain around middle grey: without it the smooth parts look drawn. */
function grain(strength: number): Buffer {
	const pixels = Buffer.alloc(sampleSize.width * sampleSize.height);
	let state = 20;
	for (let i = 0; i < pixels.length; i++) {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' generator
		pixels[i] = 128 + Math.round(((state >>> 16) / 65536 - 0.5) * strength);
	}
	return pixels;
}

const draw = (svg: string) => sharp(Buffer.from(svg)).removeAlpha();

async function photograph(svg: string): Promise<sharp.Sharp> {
	const raw = { ...sampleSize, channels: 1 as const };
	const layer = await sharp(grain(9), { raw }).png().toBuffer();
	const picture = draw(svg).composite([{ input: layer, blend: 'soft-light' }]);
	return sharp(await picture.png().toBuffer());
}

async function make(): Promise<void> {
	const here = (file: string) => join(__dirname, file);
	const mug = await photograph(mugScene);
	await sharp(await mug.clone().toBuffer())
		.composite([{ input: Buffer.from(watermark) }])
		.jpeg({ quality: 88 })
		.toFile(here(samples.watermarked.file));
	await draw(untidyDesk).png({ compressionLevel: 9 }).toFile(here(samples.untidy.file));
	await draw(untidyMask)
		.threshold(128)
		.png({ palette: true, colours: 2 })
		.toFile(here(samples.mask.file));

	const originals = process.argv[2];
	if (originals === undefined) return;
	await mug.png().toFile(join(originals, 'mug-clean.png'));
	await draw(tidyDesk).png().toFile(join(originals, 'desk-clean.png'));
}

void make();
