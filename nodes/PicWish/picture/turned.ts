// JPEGs that are stored turned: changes their orientation tag while they stream.

import type { NumberField, Picture } from './picture';
import { EXIF_PREFIX } from './tiff';

/** An APP1 segment with only an orientation; 36 bytes. */
const EXIF_SEGMENT = Buffer.concat([
	Buffer.from('ffe10022', 'hex'),
	EXIF_PREFIX,
	// A TIFF of one directory with one entry: tag 274, SHORT, one value.
	Buffer.from('4d4d002a00000008' + '0001' + '0112000300000001' + '00010000' + '00000000', 'hex'),
]);
const VALUE_AT = 29;
/** After SOI: readers use the first of several Exif segments. */
const INSERT_AT = 2;

/**
 * The same picture with its orientation tag set to upright; the length stays the same. Pictures without
 * a tag, which includes all non-JPEGs, are returned unchanged.
 */
export function uprightView(picture: Picture): Picture {
	const tags = picture.orientationTags ?? [];
	if (tags.length === 0) return picture;
	return {
		...picture,
		orientation: 1,
		async open() {
			const source = await picture.open();
			const orient = orienter(tags, 1);
			const upright = async function* () {
				for await (const chunk of source) yield orient(chunk);
			};
			return Object.assign(upright(), { destroy: () => source.destroy?.() });
		},
	};
}

/**
 * Sets the orientation of a JPEG, chunk by chunk. Without a tag, 36 bytes are added.
 *
 * @param tags where the file states its orientation
 * @returns to be called with each chunk, in order; does not change the chunk
 */
export function orienter(
	tags: readonly NumberField[],
	orientation: number,
): (chunk: Uint8Array) => Uint8Array {
	const changes = tags.flatMap(({ at, bytes, littleEndian }) =>
		Array.from({ length: bytes }, (_, i) => {
			const isLowest = i === (littleEndian ? 0 : bytes - 1);
			return { at: at + i, value: isLowest ? orientation : 0 };
		}),
	);
	let end = 0;
	return (chunk) => {
		const from = end;
		end += chunk.length;
		if (tags.length === 0) {
			if (from > INSERT_AT || end <= INSERT_AT) return chunk;
			const segment = Buffer.from(EXIF_SEGMENT);
			segment.writeUInt8(orientation, VALUE_AT);
			const split = INSERT_AT - from;
			return Buffer.concat([chunk.subarray(0, split), segment, chunk.subarray(split)]);
		}
		const inside = changes.filter(({ at }) => at >= from && at < end);
		if (inside.length === 0) return chunk;
		const copy = Buffer.from(chunk);
		for (const { at, value } of inside) copy[at - from] = value;
		return copy;
	};
}
