/** The frame of every page for sellers: where one is, where one can go, and the palette that goes anywhere. */
import type { User } from "@carat/api-client";
import { Skeleton, ToastRegion } from "@carat/ui";
import { Outlet } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useState } from "react";
import { Navigation } from "./Navigation";
import { useOnline } from "./online";
import { placesOf } from "./places";
import { type Overlay, useShortcuts } from "./shortcuts";

const loadPalette = () => import("./CommandPalette");
const CommandPalette = lazy(loadPalette);
const StepUpHost = lazy(() => import("./StepUp"));
const ShortcutsDialog = lazy(() => import("./ShortcutsDialog"));

export function Shell({ user }: { user: User }) {
  const [overlay, setOverlay] = useState<Overlay>();
  const close = useCallback(() => setOverlay(undefined), []);
  useShortcuts(user.role, setOverlay);
  // The palette must be there when the first letter is typed, so it comes along when the page has time.
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette(), 2000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Frame navigation={<Navigation user={user} onOpen={setOverlay} />}>
      <OfflineNotice />
      <main id="main" tabIndex={-1} className="min-w-0 flex-1 px-4 py-6 sm:px-6 lg:px-10 lg:py-8">
        <div className="mx-auto max-w-6xl">
          <Suspense fallback={<PageSkeleton />}>
            <Outlet />
          </Suspense>
        </div>
      </main>
      <Suspense>
        {overlay === "palette" && (
          <CommandPalette role={user.role} onClose={close} onShortcuts={() => setOverlay("shortcuts")} />
        )}
        {overlay === "shortcuts" && <ShortcutsDialog places={placesOf(user)} onClose={close} />}
      </Suspense>
      <Suspense>
        <StepUpHost email={user.email} />
      </Suspense>
      <ToastRegion />
    </Frame>
  );
}

export function ShellSkeleton() {
  return (
    <Frame
      navigation={<div className="h-26 border-b border-line lg:h-auto lg:w-60 lg:border-r lg:border-b-0" />}
    >
      <main id="main" aria-busy="true" className="flex-1 px-4 py-6 sm:px-6 lg:px-10 lg:py-8">
        <div className="mx-auto max-w-6xl">
          <PageSkeleton />
        </div>
      </main>
    </Frame>
  );
}

function Frame({ navigation, children }: { navigation: ReactNode; children: ReactNode }) {
  return (
    <div className="min-h-dvh lg:flex">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:bg-surface focus:p-3"
      >
        Skip to the content
      </a>
      {navigation}
      <div className="flex min-w-0 flex-1 flex-col">{children}</div>
    </div>
  );
}

function PageSkeleton() {
  return (
    <div className="appear-late" role="status" aria-label="Loading">
      <Skeleton className="mb-6 h-9 w-48" />
      <Skeleton className="h-72 w-full" />
    </div>
  );
}

function OfflineNotice() {
  const online = useOnline();
  return (
    <div role="status">
      {!online && (
        <p className="border-b border-line bg-warning-soft px-4 py-2 text-center text-sm text-warning">
          You are offline. What you type is kept in this browser; save when the connection is back.
        </p>
      )}
    </div>
  );
}
