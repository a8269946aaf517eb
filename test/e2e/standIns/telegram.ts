import { type Loopback, startLoopback } from '../server/loopback';

/** What the bot has said in a chat. */
export interface BotMessage {
	chatId: string;
	/** Of a text message; else empty. */
	text: string;
	/** Of a document; else undefined. */
	file?: { name: string; bytes: Buffer };
}

export interface Telegram extends Loopback {
	/** Whether a bot has said where it wants to get its messages. */
	isListening(): boolean;
	/** Hands a message of a person over to the bot. */
	deliver(message: Record<string, unknown>): Promise<void>;
	said: BotMessage[];
}

/** The part of Telegram's bot API that example 8 uses. */
export async function startTelegram(photo: () => Promise<Buffer>): Promise<Telegram> {
	let listener: { url: string; secret_token: string } | undefined;
	const said: BotMessage[] = [];
	const server = await startLoopback(async ({ path, body, contentType }, response) => {
		const method = /^\/bot[^/]+\/(\w+)/.exec(path)?.[1];
		if (path.startsWith('/file/')) {
			response.setHeader('content-type', 'application/octet-stream').end(await photo());
			return;
		}
		if (method === 'setWebhook') listener = JSON.parse(body.toString());
		if (method === 'deleteWebhook') listener = undefined;
		if (method === 'sendMessage') {
			const { chat_id: chatId, text } = JSON.parse(body.toString());
			said.push({ chatId: String(chatId), text });
		}
		if (method === 'sendDocument') said.push(await documentOf(body, contentType));
		const result = method === 'getFile' ? { file_path: 'photos/file_7.jpg' } : {};
		response.setHeader('content-type', 'application/json');
		response.end(JSON.stringify({ ok: true, result }));
	});
	return {
		...server,
		isListening: () => listener !== undefined,
		async deliver(message) {
			if (!listener) throw new Error('No bot listens');
			const answer = await fetch(listener.url, {
				method: 'POST',
				headers: {
					'content-type': 'application/json',
					'x-telegram-bot-api-secret-token': listener.secret_token,
					connection: 'close',
				},
				body: JSON.stringify({ update_id: 1, message: { chat: { id: 42 }, ...message } }),
			});
			if (!answer.ok) throw new Error(`The bot answered ${answer.status}`);
		},
		said,
	};
}

async function documentOf(body: Buffer, contentType: string): Promise<BotMessage> {
	const headers = { 'content-type': contentType };
	const form = await new Response(new Uint8Array(body), { headers }).formData();
	const file = form.get('document');
	if (!(file instanceof File)) throw new Error('sendDocument without a file');
	return {
		chatId: String(form.get('chat_id')),
		text: '',
		file: { name: file.name, bytes: Buffer.from(await file.arrayBuffer()) },
	};
}
