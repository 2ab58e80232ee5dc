/** Days as fields and addresses write them (2026-11-21), and the moments when they begin and end where the reader is. */

/** The moment when a day begins; nothing if it is no day. */
export function beginningOf(day: string): Date | undefined {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  const moment = new Date(Number(year), Number(month) - 1, Number(date));
  const real = moment.getMonth() === Number(month) - 1 && Number(year) > 1999;
  return real ? moment : undefined;
}

/** The moment when a day is over, which is when the next one begins. */
export function endOf(day: string): Date | undefined {
  const moment = beginningOf(day);
  return moment && new Date(moment.getFullYear(), moment.getMonth(), moment.getDate() + 1);
}

/** When something ends at this moment, the moment that is its last: at midnight it belongs to the day before. */
export function lastMomentOf(end: string): Date {
  return new Date(Date.parse(end) - 1);
}

/** The day so many days ago; before now, if there are fewer than none. */
export function daysAgo(days: number, now = new Date()): string {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
