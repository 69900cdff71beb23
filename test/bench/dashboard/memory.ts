import type { Page } from "playwright-core";

/** What the page's scripts hold after a forced collection, typed arrays included, bytes. */
export async function memoryOf(page: Page): Promise<number> {
  const inspector = await page.context().newCDPSession(page);
  await inspector.send("HeapProfiler.enable");
  // What the first collection finishes off is let go of by the second.
  for (let i = 0; i < 2; i++) await inspector.send("HeapProfiler.collectGarbage");
  const { usedSize, backingStorageSize } = await inspector.send("Runtime.getHeapUsage");
  await inspector.detach();
  return usedSize + backingStorageSize;
}
