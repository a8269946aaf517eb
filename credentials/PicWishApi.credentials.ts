import type { IAuthenticateGeneric, ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

/** PicWish documentation, "Base URL"; the second one serves keys of picwish.cn. */
export const regions = [
	{ value: 'global', name: 'Global', keysOf: 'picwish.com', baseUrl: 'https://techhk.aoscdn.com' },
	{
		value: 'china',
		name: 'Mainland China',
		keysOf: 'picwish.cn',
		baseUrl: 'https://techsz.aoscdn.com',
	},
];

export class PicWishApi implements ICredentialType {
	name = 'picWishApi';

	displayName = 'PicWish API';

	icon: Icon = {
		light: 'file:../nodes/PicWish/picwish.svg',
		dark: 'file:../nodes/PicWish/picwish.dark.svg',
	};

	documentationUrl = 'https://github.com/n8n-nodes-picwish/n8n-nodes-picwish#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			hint: 'Copy it from <a href="https://picwish.com/my-account?subRoute=api-key" target="_blank">API Key</a> in your PicWish account',
		},
		{
			displayName: 'Region',
			name: 'region',
			type: 'options',
			options: [
				...regions.map(({ name, value, keysOf, baseUrl }) => ({
					name,
					value,
					description: `Keys of ${keysOf} (${new URL(baseUrl).host})`,
				})),
				{
					name: 'Custom',
					value: 'custom',
					description: 'Another address, such as a test server or your own proxy',
				},
			],
			default: 'global',
			description: 'The region of your PicWish account. A key works in its own region only.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			displayOptions: { show: { region: ['custom'] } },
			required: true,
			default: '',
			placeholder: 'e.g. http://127.0.0.1:8787',
			description: 'The address before /api/tasks. The API key is sent there.',
		},
		{
			displayName: 'Requests per Second',
			name: 'requestsPerSecond',
			type: 'number',
			// The maximum is above any account's limit; it stops a typo from flooding the service.
			typeOptions: { minValue: 0.1, maxValue: 1000 },
			// PicWish documentation, status 429: "default QPS is 2".
			default: 2,
			description:
				'The request limit (QPS) of your PicWish account. All workflows that use this key share it. New accounts have 2.',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { 'X-API-KEY': '={{$credentials.apiKey.trim()}}' } },
	};

	httpRequestNode = {
		name: 'PicWish',
		docsUrl: 'https://picwish.com/image-watermark-removal-api-doc',
		apiBaseUrlPlaceholder: 'https://techhk.aoscdn.com/api/tasks/visual/inpaint',
	};
}
