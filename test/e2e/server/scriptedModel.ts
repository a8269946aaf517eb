import { startLoopback, type Loopback } from './loopback';

/** What n8n tells a chat model about a tool. */
export interface OfferedTool {
	name: string;
	description: string;
	parameters: { properties: Record<string, unknown>; required?: string[] };
}

export interface ScriptedModel {
	/** Base URL for n8n's "OpenAI" credential. */
	url: string;
	/** The tools of the last request. */
	offered(): OfferedTool[];
	/** What the tool answered, as the model was told it. */
	toolAnswers(): string[];
	close(): Promise<void>;
}

interface ChatRequest {
	stream?: boolean;
	messages: Array<{ role: string; content: unknown }>;
	tools?: Array<{ function: OfferedTool }>;
}

/**
 * Speaks the interface of OpenAI's chat models and knows one thing to do: call a tool with given
 * arguments, then repeat what the tool answered. It stands in for the model, not for the agent.
 */
export async function startScriptedModel(
	toolName: () => string,
	args: () => Record<string, unknown>,
): Promise<ScriptedModel> {
	let offered: OfferedTool[] = [];
	const answers: string[] = [];
	const server: Loopback = await startLoopback(({ body }, response) => {
		const request: ChatRequest = JSON.parse(body.toString());
		offered = (request.tools ?? []).map((tool) => tool.function);
		const last = request.messages.at(-1);
		const answered = last?.role === 'tool' ? asText(last.content) : undefined;
		if (answered !== undefined) answers.push(answered);
		const message =
			answered === undefined
				? { role: 'assistant', content: null, tool_calls: [call(toolName(), args())] }
				: { role: 'assistant', content: answered };
		const finishReason = answered === undefined ? 'tool_calls' : 'stop';
		if (request.stream) {
			const chunk = { ...reply, object: 'chat.completion.chunk' };
			const delta = { index: 0, delta: message, finish_reason: null };
			const end = { index: 0, delta: {}, finish_reason: finishReason };
			response.writeHead(200, { 'content-type': 'text/event-stream' });
			for (const choice of [delta, end]) {
				response.write(`data: ${JSON.stringify({ ...chunk, choices: [choice] })}\n\n`);
			}
			response.end('data: [DONE]\n\n');
			return;
		}
		const choices = [{ index: 0, message, finish_reason: finishReason }];
		response.writeHead(200, { 'content-type': 'application/json' });
		response.end(JSON.stringify({ ...reply, object: 'chat.completion', choices, usage }));
	});
	return {
		url: server.url,
		offered: () => offered,
		toolAnswers: () => answers,
		close: async () => await server.close(),
	};
}

const reply = { id: 'scripted', created: 0, model: 'scripted' };
const usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };

function call(name: string, args: Record<string, unknown>) {
	return {
		index: 0,
		id: 'call-1',
		type: 'function',
		function: { name, arguments: JSON.stringify(args) },
	};
}

function asText(content: unknown): string {
	return typeof content === 'string' ? content : JSON.stringify(content);
}
