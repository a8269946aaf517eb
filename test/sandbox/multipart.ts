/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import busboy from 'busboy';
import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';

import type { FileStore, StoredFile } from './fileStore';
import { PartHeaders } from './partHeaders';
import type { LoggedRequest } from './requestLog';
import type { TaskTypeRules } from './taskTypes';

/** Why a create is refused: an HTTP status and the text for the JSON body. */
export interface Refusal {
	status: number;
	message: string;
}

export interface Form {
	fields: Record<string, string>;
	files: Record<string, StoredFile>;
	/** The first problem with the form. The body is read to its end anyway. */
	refusal?: Refusal;
}

/** The client disconnected during the upload: there is nobody left to answer. */
export class ClientGoneError extends Error {
	override name = 'ClientGoneError';
}

/**
 * Reads the whole body of a create, logs every part in `record`, and accepts only the documented parts,
 * each once.
 *
 * @param pauseMs after each chunk
 * @throws ClientGoneError
 */
export async function readForm(
	request: IncomingMessage,
	rules: TaskTypeRules,
	store: FileStore,
	record: LoggedRequest,
	pauseMs = 0,
): Promise<Form> {
	const form: Form = { fields: {}, files: {} };
	const refuse = (status: number, message: string) => {
		form.refusal ??= { status, message };
	};

	const boundary = boundaryOf(request);
	if (boundary === undefined) {
		request.resume();
		await bodyEnd(request);
		refuse(400, 'The body must be multipart/form-data');
		return form;
	}

	const headers = new PartHeaders(boundary);
	const parser = busboy({
		headers: request.headers,
		preservePath: true,
		defParamCharset: 'utf8',
	});
	const saves: Array<Promise<void>> = [];

	const notePart = (name: string, allowed: readonly string[]) => {
		if (record.partOrder.includes(name)) refuse(400, `${name} was sent twice`);
		if (!allowed.includes(name)) refuse(400, `Unknown parameter: ${name}`);
		record.partOrder.push(name);
		return headers.parts[record.partOrder.length - 1] ?? {};
	};
	parser.on('field', (name, value) => {
		notePart(name, rules.textFields);
		record.fields[name] = value;
		form.fields[name] = value;
	});
	parser.on('file', (name, stream, info) => {
		const rawHeaders = notePart(name, rules.fileFields);
		const save = async () => {
			const file = await store.save(stream, rules.maxFileBytes);
			if (file.tooLarge) refuse(413, `${name} is larger than ${rules.maxFileBytes} bytes`);
			if (file.bytes === 0) refuse(400, `${name} is empty`);
			const { bytes, sha256 } = file;
			record.files[name] = {
				// The typings promise a name; a part without one has undefined here.
				fileName: String(info.filename ?? ''),
				mimeType: info.mimeType,
				bytes,
				sha256,
				headers: rawHeaders,
			};
			form.files[name] = file;
		};
		// The parser itself reports a truncated file.
		saves.push(save().catch(() => refuse(400, `${name} is incomplete`)));
	});

	await new Promise<void>((resolve, reject) => {
		parser.once('close', resolve);
		parser.once('error', (error) => {
			const reason = error instanceof Error ? error.message : String(error);
			refuse(400, `The form cannot be read: ${reason}`);
			// The rest must be read, or the client never gets to read the answer.
			request.unpipe();
			request.resume();
			bodyEnd(request).then(resolve, reject);
		});
		bodyEnd(request).catch((error: unknown) => {
			parser.destroy();
			reject(error instanceof Error ? error : new ClientGoneError());
		});
		request.pipe(pausing(pauseMs)).pipe(headers).pipe(parser);
	});
	await Promise.all(saves);
	record.partHeaders = headers.parts;
	if (headers.parts.length !== record.partOrder.length) {
		refuse(400, 'The form contains a part without a name');
	}
	return form;
}

/** Delays every chunk by `pauseMs`. */
function pausing(pauseMs: number): Transform {
	return new Transform({
		transform(chunk: Buffer, _encoding, done) {
			if (pauseMs === 0) return done(null, chunk);
			void wait(pauseMs).then(() => done(null, chunk));
		},
	});
}

function boundaryOf(request: IncomingMessage): string | undefined {
	const type = request.headers['content-type'] ?? '';
	const match = /^multipart\/form-data;(?:.*;)?\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type);
	return match?.[1] ?? match?.[2];
}

/**
 * Resolves at the end of the body.
 *
 * @throws ClientGoneError if the connection ends first
 */
async function bodyEnd(request: IncomingMessage): Promise<void> {
	if (request.readableEnded) return;
	if (request.destroyed && !request.complete) throw new ClientGoneError();
	await new Promise<void>((resolve, reject) => {
		request.once('end', resolve);
		request.once('close', () => {
			if (!request.complete) reject(new ClientGoneError());
			else resolve();
		});
	});
}
