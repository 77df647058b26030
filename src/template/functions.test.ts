/** The functions, held against what Go's text/template prints. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Case, data } from './cases.ts';
import { template } from './template.ts';
import { anyType, valueOf } from './values.ts';

const functions: readonly Case[] = [
  ['{{and 1 0 2}} {{and 1 2}} {{or 0 "" "x"}} {{or 0 0.0}} {{not 0}} {{not "x"}}', '0 2 x 0 true false'],
  ['{{and .no (index .list 9)}}', 'false'],
  ['{{or .yes (index .list 9)}}', 'true'],
  ['{{1 | and 0}} {{1 | or 0}} {{.missing | or 0}}', '0 1 <no value>'],
  ['{{len .list}} {{len .name}} {{len .map}} {{len .uni}}', '3 4 3 8'],
  ['{{index .list 0}} {{index .list 2}} {{index .map "b"}} {{index .map "zz"}} {{index .map "c"}}', 'a c 1 <no value> <no value>'],
  ['{{index .nested 0 1}}', '2'],
  ['{{index .name 0}}', '115'],
  ['{{index .name 0 | printf "%c"}}', 's'],
  ['{{index .list}}', '[a b c]'],
  ['{{index .objs 0 "k"}}', 'v1'],
  ['{{slice .name 1 3}} {{slice .name 1}} {{slice .name}} {{slice .list 1}} {{slice .list 0 2}}', 'ho hop shop [b c] [a b]'],
  ['{{slice .list 0 1 2}}', '[a]'],
  ['{{slice .uni 0 3}}', 'hä'],
  ['{{html .html}} {{html "a" 1 2}} {{html .missing}}', '&lt;a href=&#39;x&#39;&gt;&#34;&amp;&#34;&lt;/a&gt; a1 2 &lt;no value&gt;'],
  ['{{js .html}} {{js "a=b\\\\c\\n"}} {{js .uni}}', "\\u003Ca href\\u003D\\'x\\'\\u003E\\\"\\u0026\\\"\\u003C/a\\u003E a\\u003Db\\\\c\\u000A häß€"],
  ["{{urlquery \"a b&c=d/ü~*'()!\"}} {{urlquery 1 2 \"x\"}}", 'a+b%26c%3Dd%2F%C3%BC~%2A%27%28%29%21 1+2x'],
  ['{{print 1 2}} {{print "a" "b"}} {{print 1 "a" 2}} {{print 1 nil}} {{print}} {{print .list .map}} {{print true 1.5}}', '1 2 ab 1a2 1 <nil>  [a b c] map[a:x b:1 c:<nil>] true 1.5'],
  ['{{println 1 "a" "b"}}x', "1 a b\nx"],
  ['{{.name | len | printf "%d-%d" 7}}', '7-4'],
  ['{{print (len .name) .name}}', '4shop'],
];

const comparisons: readonly Case[] = [
  ['{{eq 1 1}} {{eq 1 2}} {{eq "a" "a"}} {{eq 1 2 1}} {{eq .n 3.0}} {{eq true true}}', 'true false true true true true'],
  ['{{eq .nil nil}} {{eq .missing nil}} {{eq .nil .missing}}', 'true true true'],
  ['{{eq .name nil}}', 'false'],
  ['{{eq .nil "x"}}', 'false'],
  ['{{eq .missing "x"}}', 'false'],
  ['{{ne 1 2}} {{ne "a" "a"}}', 'true false'],
  ['{{lt 1 2}} {{le 2 2}} {{gt 3 2}} {{ge 2 3}}', 'true true true false'],
  ['{{lt "a" "b"}} {{lt 1.5 2.5}} {{ge "b" "a"}}', 'true true true'],
  ['{{eq .list nil}} {{eq .map nil}}', 'false false'],
  ['{{eq 1 .missing 1}}', 'true'],
  ['{{ge .f 1.5}}', 'true'],
  ["{{eq 'a' 97}}", 'true'],
  ['{{if eq .name "a" "shop"}}x{{end}}', 'x'],
  ['{{gt .n 2.0}} {{eq .n .n}}', 'true true'],
];

const formats: readonly Case[] = [
  ['{{printf "%d" 5}}', '5'],
  ['{{printf "%5d|%-5d|%05d|%+d|% d" 42 42 42 42 42}}', '   42|42   |00042|+42| 42'],
  ['{{printf "%x %X %#x %o %O %#o %b %#b" 255 255 255 8 8 8 5 5}}', 'ff FF 0xff 10 0o10 010 101 0b101'],
  ['{{printf "%c %q %U %#U" 65 65 65 128512}}', "A 'A' U+0041 U+1F600 '😀'"],
  ['{{printf "%s" "a"}}', 'a'],
  ['{{printf "%10s|%-10s|%.2s|%5.1s|%05s" "abc" "abc" "abc" "abc" "ab"}}', '       abc|abc       |ab|    a|000ab'],
  ['{{printf "%q %+q %#q" "a\\"b" "é" "x`y"}}', '"a\\"b" "\\u00e9" "x`y"'],
  ['{{printf "%x %X % x %#x %# x" "hi" "hi" "hi" "hi" "hi"}}', '6869 6869 68 69 0x6869 0x68 0x69'],
  ['{{printf "%t %v %5t" true false true}}', 'true false  true'],
  ['{{printf "%f %.2f %8.3f|%-8.1f|%+.1f|%08.3f" 1.5 2.345 3.14159 2.25 1.0 -3.14159}}', '1.500000 2.35    3.142|2.2     |+1.0|-003.142'],
  ['{{printf "%e %E %.2e %g %G %.3g" 123456.789 0.00012 1e10 1e10 1e-10 123456.0}}', '1.234568e+05 1.200000E-04 1.00e+10 1e+10 1E-10 1.23e+05'],
  ['{{printf "%v %+v %T" .map .map .map}}', 'map[a:x b:1 c:<nil>] map[a:x b:1 c:<nil>] map[string]interface {}'],
  ['{{printf "%d %s" "x" 5}}', '%!d(string=x) %!s(int=5)'],
  ['{{printf "%d"}}', '%!d(MISSING)'],
  ['{{printf "%d" 1 2}}', '1%!(EXTRA int=2)'],
  ['{{printf "%d" 1 "a" 2.5 nil}}', '1%!(EXTRA string=a, float64=2.5, <nil>)'],
  ['{{printf "%!" 1}}', '%!!(int=1)'],
  ['{{printf "%z" 1}}', '%!z(int=1)'],
  ['{{printf "%"}}', '%!(NOVERB)'],
  ['{{printf "100%%"}}', '100%'],
  ['{{printf "%[2]d %[1]d" 1 2}}', '2 1'],
  ['{{printf "%[3]d" 1 2}}', '%!d(BADINDEX)'],
  ['{{printf "%[x]d" 1}}', '%!d(BADINDEX)'],
  ['{{printf "%*d|%-*d|%.*f" 5 1 5 2 2 3.14159}}', '    1|2    |3.14'],
  ['{{printf "%*d" "x" 1}}', '%!(BADWIDTH)1'],
  ['{{printf "%s %v %d %t" nil nil nil nil}}', '%!s(<nil>) <nil> %!d(<nil>) %!t(<nil>)'],
  ['{{printf "%v %s" .list .list}}', '[a b c] [a b c]'],
  ['{{printf "%d" .nested}}', '[[%!d(float64=1) %!d(float64=2)] [%!d(float64=3)]]'],
  ['{{printf "%.1f" .nested}}', '[[1.0 2.0] [3.0]]'],
  ['{{printf "%#v %#v %#v %#v" "a" 1 1.5 true}}', '"a" 1 1.5 true'],
  ['{{printf "%T %T %T %T %T" 1 1.5 "a" true nil}}', 'int float64 string bool <nil>'],
  ['{{printf "%6.2f%%" 12.345}}', ' 12.35%'],
  ['{{printf "%s" true}}', '%!s(bool=true)'],
  ['{{printf "%d" true}}', '%!d(bool=true)'],
  ['{{printf "%s" 1.5}}', '%!s(float64=1.5)'],
  ['{{printf "%d" 1.5}}', '%!d(float64=1.5)'],
  ['{{printf "%t" "x"}}', '%!t(string=x)'],
  ['{{printf "%.0f %.0f %.1f %.1f" 0.5 1.5 0.25 0.35}}', '0 2 0.2 0.3'],
  ['{{printf "%v" 1e100}}', '1e+100'],
  ['{{printf "%.3d|%8.5d|%.0d" 5 42 0}}', '005|   00042|'],
  ['{{printf "%-5t|%5v|%-5v|" true 1 "a"}}', 'true |    1|a    |'],
  ['{{printf "%p" 1}}', '%!p(int=1)'],
  ['{{printf "%s" .missing}}', '%!s(<nil>)'],
  ['{{printf "%v" .nil}}', '<nil>'],
  ['{{printf "%s" .big}}', '%!s(float64=1.2345678e+07)'],
  ['{{printf "%d" .n}}', '%!d(float64=3)'],
  ['{{printf "%v" .big}}', '1.2345678e+07'],
  ['{{printf "%.0f" .big}}', '12345678'],
  ['{{printf "%5.3v|%-8v|" "abcdef" 1.5}}', '  abc|1.5     |'],
  ['{{printf "%x" -255}}', '-ff'],
  ['{{printf "%c" "a"}}', '%!c(string=a)'],
  ['{{printf "%08b" 5}}', '00000101'],
  ['{{printf "%+v" .objs}}', '[map[k:v1] map[k:v2]]'],
  ['{{printf "%v|%s" .none .emptyMap}}', '[]|map[]'],
  ['{{printf "%10v" .list}}', '[         a          b          c]'],
  ['{{printf "%q" .list}}', '["a" "b" "c"]'],
  ['{{printf "%3c|%-3c|" 65 66}}', '  A|B  |'],
  ['{{printf "%g %g %g" 100000.0 1000000.0 0.00001}}', '100000 1e+06 1e-05'],
  ['{{printf "%d %d" 3}}', '3 %!d(MISSING)'],
  ['{{printf "% d|% x" 5 255}}', ' 5| ff'],
  ['{{printf "%+q" 228}}', "'\\u00e4'"],
  ['{{printf "%U" -1}}', 'U+FFFFFFFFFFFFFFFF'],
  ['{{printf "%w" 1}}', '%!w(int=1)'],
  ['{{printf "%v" "a%b"}}', 'a%b'],
  ['{{printf "%6d|%-6d|%06d" -42 -42 -42}}', '   -42|-42   |-00042'],
  ['{{printf "%+05d" 7}}', '+0007'],
  ['{{printf "%e" 0.0}}', '0.000000e+00'],
  ['{{printf "%.2g" 0.000012345}}', '1.2e-05'],
  ['{{printf "%g" 5e-324}}', '5e-324'],
  ['{{printf "%.10g" 0.1}}', '0.1'],
  ['{{printf "%f" 1e22}}', '10000000000000000000000.000000'],
  ['{{printf "%[1]s %[1]s" "a"}}', 'a a'],
  ['{{printf "%[1]d %d" 1 2}}', '1 2'],
  ['{{printf "%.[2]d" 1 2}}', '2'],
  ['{{printf "%5" 1}}', '%!(NOVERB)%!(EXTRA int=1)'],
  ['{{printf "%-" 1}}', '%!(NOVERB)%!(EXTRA int=1)'],
  ['{{printf "a" 1}}', 'a%!(EXTRA int=1)'],
  ['{{printf "%s %s" "a"}}', 'a %!s(MISSING)'],
  ['{{printf "%ä" 1}}', '%!ä(int=1)'],
  ['{{printf "%T" .list}}', '[]interface {}'],
  ['{{printf "%v" (index .objs 0)}}', 'map[k:v1]'],
  ['{{printf "%t" .yes}}', 'true'],
  ['{{printf "%.2f" .f}}', '1.50'],
  ['{{printf "%s" .uni}}', 'häß€'],
  ['{{printf "%.2s" .uni}}', 'hä'],
  ['{{printf "%6s" .uni}}', '  häß€'],
  ['{{printf "%x" .uni}}', '68c3a4c39fe282ac'],
  ['{{printf "%q" .uni}}', '"häß€"'],
  ['{{printf "%q" "\\x00\\x7f\\u00a0\\u200b"}}', '"\\x00\\x7f\\u00a0\\u200b"'],
  ['{{printf "%v %v" 1.0 -0.5}}', '1 -0.5'],
  ['{{printf "%d" 9007199254740991}}', '9007199254740991'],
  ['{{printf "%#q" "a\\nb"}}', '"a\\nb"'],
  ['{{.name | printf "%s-%s" "a"}}', 'a-shop'],
  ['{{printf "%s" (print "a")}}', 'a'],
];

function check(cases: readonly Case[]): void {
  for (const [text, expected] of cases) it(`${JSON.stringify(text)} gives ${JSON.stringify(expected)}`, () => assert.equal(template('main', text).render(data), expected));
}

describe('templates: functions', () => check(functions));

describe('templates: comparisons', () => check(comparisons));

describe('templates: printf', () => check(formats));

const wholeNumbers: readonly Case[] = [
  ['{{.n}} {{.big}} {{.f}} {{.zero}} {{.list}} {{.map}}', '3 12345678 1.5 0 [1 2 3] map[x:10]'],
  ['{{eq .n 3}} {{lt .n 5}} {{eq .f 1.5}}', 'true true true'],
  ['{{index .list 1}}', '2'],
  ['{{printf "%05d" .big}}', '12345678'],
  ['{{range .n}}{{.}}{{end}}', '012'],
  ['{{if .zero}}x{{end}}', ''],
];

describe('templates: whole numbers of Kubernetes objects', () => {
  const object = valueOf(anyType, { name: 'shop', n: 3, big: 12345678, f: 1.5, zero: 0, list: [1, 2, 3], map: { x: 10 } });
  for (const [text, expected] of wholeNumbers) it(`${JSON.stringify(text)} gives ${JSON.stringify(expected)}`, () => assert.equal(template('main', text).render(object), expected));
});
