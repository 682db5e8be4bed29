import type { ComponentChildren } from "preact";
import { Button, EmptyBody } from "./controls.tsx";

interface Props {
  /** Class of the page. */
  name: string;
  /** The page's heading, for screen readers. */
  heading: string;
  icon: string;
  /** One sentence. */
  text: string;
  onRetry(): void;
  onShowLog(): void;
  /** More that helps, between the two. */
  children?: ComponentChildren;
}

/** A page whose subject could not be read, and was not read before. */
export function UnreadablePage({ name, heading, icon, text, onRetry, onShowLog, children }: Props) {
  const actions = (
    <>
      <Button primary onClick={onRetry}>
        Retry
      </Button>
      {children}
      <Button onClick={onShowLog}>Show Log</Button>
    </>
  );
  return (
    <main class={name}>
      <h1 class="hidden">{heading}</h1>
      <EmptyBody icon={icon} actions={actions}>
        {text}
      </EmptyBody>
    </main>
  );
}
