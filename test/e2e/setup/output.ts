/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import path from 'node:path';

/** What a run leaves behind; ignored by git, emptied at the start of the next run. */
export const outputFolder = path.join(__dirname, '..', 'output');
export const logFolder = path.join(outputFolder, 'logs');
export const screenshotFolder = path.join(outputFolder, 'screenshots');
export const tarballFolder = path.join(outputFolder, 'package');
