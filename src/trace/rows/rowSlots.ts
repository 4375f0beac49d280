import { lineName } from '../roleLines';
import type { SectionKind } from '../sections';
import type { RowMessage, RowPart, RowTrace } from './rowTrace';

/** A place for one text of a row in its document. */
export interface RowSlot {
  readonly kind: SectionKind;
  /** Of tools, as it stands in the role line. */
  readonly name: string | undefined;
  readonly part: RowPart;
  /** Does the document hold a section for it? One that is not shown is there once somebody types it. */
  readonly shown: boolean;
  /**
   * Can it be taken away, or emptied so that nothing of it is left to see? What the row's last answer is made of, what the user says
   * first, and what has no line of its own.
   */
  readonly removable: boolean;
  /** It has no role line, because it is the first text or follows a closing tag. */
  readonly lineless: boolean;
  /** Reasoning that the row never closes, so that the document does not either. */
  readonly unclosed: boolean;
}

/** The places of a row's texts, in the order of the row. Texts with nothing in them are shown where their line or tags say something. */
export function rowSlots({ messages }: Pick<RowTrace, 'messages'>): RowSlot[] {
  const slots = messages.flatMap((message, i) => {
    const isLast = i === messages.length - 1 && message.role === 'assistant';
    const own = message.parts.map((part) => slotOf(message, part));
    const isOnly = (slot: RowSlot): boolean => own.every((other) => other === slot || other.kind !== slot.kind);
    return own.map((slot) => ({ ...slot, removable: isLast && isOnly(slot) && (slot.kind === 'reasoning' || slot.kind === 'assistant') }));
  });
  markLineless(slots);
  const last = slots.findLastIndex(({ shown }) => shown);
  const slot = slots[last];
  if (slot?.kind === 'reasoning' && (slot.part.open === true || closesLater(slots[last + 1]))) slots[last] = { ...slot, unclosed: true };
  return slots;
}

function markLineless(slots: RowSlot[]): void {
  let before: RowSlot | undefined;
  const isAlone = slots.filter(({ shown }) => shown).length === 1;
  for (const [i, slot] of slots.entries()) {
    if (!slot.shown) continue;
    const opens = before === undefined && slot.kind === 'user' && slot.part.text !== '' && !isAlone;
    if (opens || (slot.kind === 'assistant' && before?.kind === 'reasoning')) slots[i] = { ...slot, lineless: true, removable: true };
    before = slot;
  }
}

function slotOf({ role, name }: RowMessage, part: RowPart): RowSlot {
  const kind = kindOf(role, part);
  const ofTool = kind === 'toolCall' || kind === 'toolResult';
  return {
    kind,
    name: ofTool ? lineName(part.name ?? name) : undefined,
    part,
    shown: part.text !== '' || !(kind === 'assistant' || part.at?.absent !== undefined),
    removable: false,
    lineless: false,
    unclosed: false,
  };
}

function kindOf(role: RowMessage['role'], { kind }: RowPart): SectionKind {
  switch (kind) {
    case 'reasoning':
    case 'summary':
      return 'reasoning';
    case 'redacted':
    case 'toolCall':
      return kind;
    case 'text':
      return role === 'tool' ? 'toolResult' : role;
  }
}

/** Is this an answer that the row has no mark for yet, so that what comes before it was cut off? */
function closesLater(slot: RowSlot | undefined): boolean {
  return slot?.kind === 'assistant' && (slot.part.at?.absent?.before.trim() ?? '') !== '';
}
