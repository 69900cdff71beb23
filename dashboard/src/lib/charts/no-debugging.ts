/** Stands in for the table that LayerCake writes to the console when a chart has `debug` set, which none has. */
export default function printDebug(): void {}
