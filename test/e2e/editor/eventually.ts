import { sleep } from 'n8n-workflow';

const timeoutMs = 15_000;

/** Repeats a check until it holds: the editor draws when it gets round to it. */
export async function eventually(check: () => Promise<void>): Promise<void> {
	const end = Date.now() + timeoutMs;
	for (;;) {
		const holds = await check().then(
			() => true,
			(error: unknown) => {
				if (Date.now() >= end) throw error;
				return false;
			},
		);
		if (holds) return;
		await sleep(250);
	}
}
