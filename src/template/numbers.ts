/** Floats in Go's spelling. */

/** As `%v` prints it, with as many digits as tell it apart: `1.5`, `1e+06`, `1.2345678e+07`. */
export function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return infinite(value);
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 6) return `${mantissa}e${signedPower(power)}`;
  return Object.is(value, -0) ? '-0' : String(value);
}

/** By verb; `precision` undefined: as many digits as needed for `g`, six for `e` and `f`. */
export function formatFloatAs(value: number, verb: 'e' | 'f' | 'g', precision: number | undefined): string {
  if (!Number.isFinite(value)) return infinite(value);
  if (verb === 'f') return fixed(value, precision ?? 6);
  if (verb === 'e') return exponential(value, precision ?? 6);
  if (precision === undefined) return formatFloat(value);
  const digits = Math.max(precision, 1);
  const scientific = exponential(value, digits - 1);
  const power = Number(scientific.slice(scientific.indexOf('e') + 1));
  if (power < -4 || power >= digits) return withoutZeros(scientific);
  return withoutZeros(fixed(value, digits - 1 - power));
}

const infinite = (value: number): string => (Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf');

const signedPower = (power: number): string => `${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;

function fixed(value: number, places: number): string {
  const { sign, digits, point } = decimals(value);
  const rounded = round(digits, point + places);
  const whole = rounded.padStart(places + 1, '0');
  return sign + (places ? `${whole.slice(0, -places)}.${whole.slice(-places)}` : whole);
}

function exponential(value: number, places: number): string {
  const { sign, digits, point } = decimals(value);
  if (digits === '0') return `${sign}0${places ? `.${'0'.repeat(places)}` : ''}e+00`;
  const rounded = round(digits, places + 1);
  // 9.99 may have become 10.0.
  const power = point - 1 + (rounded.length - places - 1);
  const shown = rounded.slice(0, places + 1);
  return `${sign}${shown[0]}${places ? `.${shown.slice(1)}` : ''}e${signedPower(power)}`;
}

/** All decimal digits of a float, without leading zeros; the value is 0.DIGITS times ten to the power of `point`. */
function decimals(value: number): { sign: string; digits: string; point: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const sign = bits >> 63n ? '-' : '';
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = exponent ? fraction | (1n << 52n) : fraction;
  const power = (exponent || 1) - 1075;
  if (mantissa === 0n) return { sign, digits: '0', point: 1 };
  // A negative power of two is a power of five with the point moved.
  const digits = String(power >= 0 ? mantissa << BigInt(power) : mantissa * 5n ** BigInt(-power));
  return { sign, digits, point: digits.length + Math.min(power, 0) };
}

/** The first `count` of the digits as an integer, rounded half to even; '0' where none are left. */
function round(digits: string, count: number): string {
  if (count < 0) return '0';
  if (count >= digits.length) return digits.padEnd(count, '0');
  const kept = BigInt(digits.slice(0, count) || '0');
  const rest = digits.slice(count);
  const half = `5${'0'.repeat(rest.length - 1)}`;
  const up = rest > half || (rest === half && kept % 2n === 1n);
  return String(up ? kept + 1n : kept).padStart(count, '0');
}

/** `1.500e+00` as `1.5e+00`, `2.0` as `2`. */
function withoutZeros(text: string): string {
  const at = text.indexOf('e');
  const [mantissa, power] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at)];
  return (mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa) + power;
}
