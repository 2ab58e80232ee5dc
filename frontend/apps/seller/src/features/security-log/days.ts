/** Events by the days on which they happened where the reader is, in the order in which they come. */
interface Timed {
  at: string;
}

export interface Day<Each extends Timed> {
  /** The time of the day's first event here. */
  day: string;
  events: Each[];
}

export function daysOf<Each extends Timed>(events: Each[]): Day<Each>[] {
  const days: Day<Each>[] = [];
  for (const event of events) {
    const last = days.at(-1);
    if (last && sameDay(last.day, event.at)) last.events.push(event);
    else days.push({ day: event.at, events: [event] });
  }
  return days;
}

function sameDay(one: string, other: string): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString();
}
