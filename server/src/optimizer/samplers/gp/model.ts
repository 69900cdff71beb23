import type { Space } from "../../space/space.ts";
import type { Features } from "./features.ts";
import type { Fits } from "./fits.ts";
import type { GpSettings } from "./settings.ts";
import type { WideRanges } from "./wide-ranges.ts";
import type { WarmStart } from "./warm/warm-start.ts";

/** What stays the same from one suggestion of a study to the next. */
export interface Model {
  readonly space: Space;
  readonly features: Features;
  /** Undefined where no range is wide. */
  readonly wideRanges: WideRanges | undefined;
  readonly fits: Fits;
  readonly settings: GpSettings;
  /** What earlier studies are worth; undefined without any. */
  readonly warm?: WarmStart | undefined;
}
