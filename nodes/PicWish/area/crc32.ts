// The checksum of a PNG chunk (PNG specification, annex D).

/** Slicing-by-4: each byte's checksum, then with one, two and three zero bytes after it. */
const TABLE = new Uint32Array(1024);
for (let i = 0; i < TABLE.length; i++) {
	let value = i < 256 ? i : TABLE[i - 256]!;
	for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
	TABLE[i] = value;
}

/**
 * CRC-32 of the bytes.
 *
 * @param before the result for the preceding bytes
 */
export function crc32(bytes: Uint8Array, before = 0): number {
	let crc = ~before;
	let i = 0;
	// Four bytes per step: on a large mask, the checksum is about a tenth of the work.
	for (; i + 4 <= bytes.length; i += 4) {
		crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
		crc =
			TABLE[768 + (crc & 255)]! ^
			TABLE[512 + ((crc >>> 8) & 255)]! ^
			TABLE[256 + ((crc >>> 16) & 255)]! ^
			TABLE[crc >>> 24]!;
	}
	for (; i < bytes.length; i++) crc = TABLE[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
	return ~crc >>> 0;
}
