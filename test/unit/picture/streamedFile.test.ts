import {
	StreamedFile,
	type ByteSource,
	type Picture,
} from '../../../nodes/PicWish/picture/picture';

/** A file in a store, in chunks of these lengths, and how often its stream was destroyed. */
function stored(announced: number, chunks: readonly number[], error?: Error) {
	const store = { destroyed: 0, opened: 0 };
	async function* bytes() {
		for (const length of chunks) yield await Promise.resolve(new Uint8Array(length));
		if (error) throw error;
	}
	const picture: Picture = {
		fileName: 'a.png',
		mimeType: 'image/png',
		bytes: announced,
		content: undefined,
		size: undefined,
		orientation: 1,
		async open(): Promise<ByteSource> {
			store.opened++;
			return await Promise.resolve(Object.assign(bytes(), { destroy: () => store.destroyed++ }));
		},
	};
	return { file: new StreamedFile(picture), store };
}

async function taken(file: StreamedFile): Promise<number> {
	let bytes = 0;
	for await (const chunk of file.stream()) bytes += chunk.length;
	return bytes;
}

test('is sent as long as it was announced', async () => {
	const { file, store } = stored(10, [4, 6]);
	expect(file).toMatchObject({ name: 'a.png', type: 'image/png', size: 10 });
	expect(store.opened).toBe(0);
	expect(await taken(file)).toBe(10);
	expect(file).toMatchObject({ sentBytes: 10, sentWhole: true, readError: undefined });
});

test.each([
	['has grown', [4, 7], 'The file has grown'],
	['is shorter', [4, 5], 'The file is shorter than announced'],
])('a file that %s ends the upload, as the store’s fault', async (_name, chunks, message) => {
	const { file } = stored(10, chunks);
	await expect(taken(file)).rejects.toThrow(message);
	expect(file.sentWhole).toBe(false);
	expect(file.readError).toMatchObject({ message });
});

test('so does a store that fails', async () => {
	const error = new Error('The disk is gone');
	const { file } = stored(10, [4], error);
	await expect(taken(file)).rejects.toThrow(error);
	expect(file).toMatchObject({ readError: error, sentBytes: 4, sentWhole: false });
});

test('a file that is closed closes the stream of its store', async () => {
	const { file, store } = stored(2, [1, 1]);
	await file.stream().getReader().read();
	file.close();
	expect(store.destroyed).toBe(1);
});

test('also where it was closed before the stream was open', async () => {
	const { file, store } = stored(2, [1, 1]);
	file.close();
	await taken(file);
	expect(store).toEqual({ opened: 1, destroyed: 1 });
});
