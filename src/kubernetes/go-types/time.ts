/** Moments in Go's spelling, in UTC. */

/** What Go takes for no time at all: the beginning of the year 1. */
export const zeroTime = new Date('0001-01-01T00:00:00Z');

/** Undefined for what is no time. */
export function parseTime(raw: unknown): Date | undefined {
  if (typeof raw !== 'string') return undefined;
  const time = new Date(raw);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-01-02 15:04:05 +0000 UTC` */
export const goTimeText = (time: Date): string => `${formatTime(time, '2006-01-02 15:04:05')} +0000 UTC`;

/** Parts of Go's reference time, longest first, so that `2006` is not taken for `2` and `006`. */
const layoutPart = /January|Jan|Monday|Mon|MST|2006|-0700|-07:00|Z0700|Z07:00|01|02|03|04|05|06|15|PM|pm|_2|1|2|3|4|5/g;

/** A time by a layout of Go, which is how `Mon Jan 2 15:04:05 MST 2006` would be written. */
export function formatTime(time: Date, layout: string): string {
  const month = time.getUTCMonth();
  const hour = time.getUTCHours();
  const hour12 = hour % 12 || 12;
  const parts: Readonly<Record<string, string>> = {
    January: months[month] ?? '',
    Jan: (months[month] ?? '').slice(0, 3),
    Monday: days[time.getUTCDay()] ?? '',
    Mon: (days[time.getUTCDay()] ?? '').slice(0, 3),
    MST: 'UTC',
    '2006': String(time.getUTCFullYear()).padStart(4, '0'),
    '-0700': '+0000',
    '-07:00': '+00:00',
    Z0700: 'Z',
    'Z07:00': 'Z',
    '01': two(month + 1),
    '02': two(time.getUTCDate()),
    '03': two(hour12),
    '04': two(time.getUTCMinutes()),
    '05': two(time.getUTCSeconds()),
    '06': two(time.getUTCFullYear() % 100),
    '15': two(hour),
    PM: hour < 12 ? 'AM' : 'PM',
    pm: hour < 12 ? 'am' : 'pm',
    _2: String(time.getUTCDate()).padStart(2),
    '1': String(month + 1),
    '2': String(time.getUTCDate()),
    '3': String(hour12),
    '4': String(time.getUTCMinutes()),
    '5': String(time.getUTCSeconds()),
  };
  return layout.replace(layoutPart, (found) => parts[found] ?? found);
}
