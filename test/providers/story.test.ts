import { all } from './all.ts';
import { tell } from './story.ts';

// of one provider alone: STORY=aws node scripts/unit.mjs test/providers/story
const only = process.env['STORY'];
for (const story of all) if (only === undefined || story.provider === only) tell(story);
