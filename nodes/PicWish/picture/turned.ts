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
	let at = 0;
	return (chunk) => {
		const from = at;
		at += chunk.length;
		if (tags.length > 0) return withTags(chunk, from, tags, orientation);
		if (from > INSERT_AT || at <= INSERT_AT) return chunk;
		const segment = Buffer.from(EXIF_SEGMENT);
		segment.writeUInt8(orientation, VALUE_AT);
		const split = INSERT_AT - from;
		return Buffer.concat([chunk.subarray(0, split), segment, chunk.subarray(split)]);
	};
}

function withTags(
	chunk: Uint8Array,
	from: number,
	tags: readonly NumberField[],
	orientation: number,
): Uint8Array {
	const touched = tags.filter(({ at, bytes }) => at < from + chunk.length && at + bytes > from);
	if (touched.length === 0) return chunk;
	const copy = Buffer.from(chunk);
	for (const { at, bytes, littleEndian } of touched) {
		for (let index = 0; index < bytes; index++) {
			const isLowest = index === (littleEndian ? 0 : bytes - 1);
			// If the tag spans two chunks, writes outside this one have no effect.
			copy[at + index - from] = isLowest ? orientation : 0;
		}
	}
	return copy;
}
