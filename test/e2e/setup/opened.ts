/** What has been opened and has to be closed again. */
export class Opened {
	private readonly closers: Array<() => Promise<void>> = [];

	/** @returns the thing, which `close` will close */
	add<T extends { close(): Promise<void> }>(thing: T): T {
		this.onClose(async () => await thing.close());
		return thing;
	}

	onClose(close: () => Promise<void>): void {
		this.closers.push(close);
	}

	/** Closes the last first, and all of it even when something fails; then throws that. */
	async close(): Promise<void> {
		const failures: unknown[] = [];
		for (const close of this.closers.splice(0).reverse()) {
			await close().catch((error: unknown) => failures.push(error));
		}
		if (failures.length > 0) throw failures[0];
	}
}

/** Opens things one after another. When one fails, those before it are closed again. */
export async function openAll<T>(open: (opened: Opened) => Promise<T>): Promise<T> {
	const opened = new Opened();
	return await open(opened).catch(async (error: unknown) => {
		await opened.close().catch(() => undefined);
		throw error;
	});
}
