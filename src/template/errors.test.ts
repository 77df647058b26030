/** What is refused; Go refuses the same. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Case, data } from './cases.ts';
import { TemplateError } from './errors.ts';
import { template } from './template.ts';

const syntax: readonly Case[] = [
  ['{{', '1:3: unclosed action'],
  ['{{.name', '1:8: unclosed action'],
  ['{{/* c', '1:1: unclosed comment'],
  ['{{/* c */ x}}', '1:10: comment ends before closing delimiter'],
  ['{{if}}', '1:7: missing value for if'],
  ['{{if .name}}', '1:13: unexpected end of the template: an {{end}} is missing'],
  ['{{end}}', '1:3: unexpected {{end}}'],
  ['{{else}}', '1:3: unexpected {{else}}'],
  ['{{if .x}}{{else}}{{else}}{{end}}', '1:20: expected end; found {{else}}'],
  ['{{range}}{{end}}', '1:10: missing value for range'],
  ['{{with}}{{end}}', '1:9: missing value for with'],
  ['{{| .name}}', '1:3: unexpected "|" in command'],
  ['{{.name | 3}}', '1:11: non executable command in pipeline stage 2'],
  ['{{.name | "x"}}', '1:11: non executable command in pipeline stage 2'],
  ['{{nope}}', '1:3: function "nope" not defined'],
  ['{{nope .}}', '1:3: function "nope" not defined'],
  ['{{(.name}}', '1:9: unclosed left paren'],
  ['{{.name)}}', '1:8: unexpected right paren'],
  ['{{"abc}}', '1:3: unterminated quoted string'],
  ['{{`abc}}', '1:3: unterminated raw quoted string'],
  ["{{'ab'}}", "1:3: malformed character constant: 'ab'"],
  ["{{'a}}", '1:3: unterminated character constant'],
  ['{{.name!}}', "1:3: bad character U+0021 '!'"],
  ['{{!}}', '1:3: unexpected "!" in command'],
  ['{{$x}}', '1:3: undefined variable "$x"'],
  ['{{$x := }}', '1:11: missing value for command'],
  ['{{:= 1}}', '1:3: unexpected ":=" in command'],
  ['{{: 1}}', '1:3: expected :='],
  ['{{1.2.3}}', '1:6: unexpected ".3" in operand'],
  ['{{0x}}', '1:3: illegal number syntax: "0x"'],
  ['{{08}}', '1:3: integer overflow: "08"'],
  ['{{1__0}}', '1:3: illegal number syntax: "1__0"'],
  ['{{3x}}', '1:3: bad number syntax: "3x"'],
  ['{{"a"."b"}}', "1:6: bad character U+0022 '\"'"],
  ['{{3.a}}', '1:3: bad number syntax: "3.a"'],
  ['{{nil.a}}', '1:3: unexpected . after term "nil"'],
  ['{{..a}}', '1:3: unexpected . after term "."'],
  ['{{.a b}}', '1:6: function "b" not defined'],
  ['{{template}}', '1:11: unexpected "}}" in template clause'],
  ['{{template .x}}', '1:12: unexpected ".x" in template clause'],
  ['{{template "x"', '1:15: unclosed action'],
  ['{{define "x"}}', '1:15: unexpected end of the template: an {{end}} is missing'],
  ['{{define}}{{end}}', '1:9: unexpected "}}" in define clause'],
  ['{{if true}}{{define "x"}}y{{end}}{{end}}', '1:14: unexpected <define> in command'],
  ['{{define "x"}}1{{end}}{{define "x"}}2{{end}}', '1:40: multiple definition of template "x"'],
  ['{{block "x" .}}', '1:16: unexpected end of the template: an {{end}} is missing'],
  ['{{break}}', '1:3: {{break}} outside {{range}}'],
  ['{{continue}}', '1:3: {{continue}} outside {{range}}'],
  ['{{range .list}}{{define "q"}}{{break}}{{end}}{{end}}', '1:18: unexpected <define> in command'],
  ['{{break 3}}', '1:9: unexpected "3" in {{break}}'],
  ['{{if x := 1}}{{end}}', '1:6: function "x" not defined'],
  ['{{$x, $y := .list}}', '1:5: too many declarations in command'],
  ['{{range $x, $y, $z := .list}}{{end}}', '1:15: too many declarations in range'],
  ['{{range $x, 3 := .list}}{{end}}', '1:13: range can only initialize variables'],
  ['{{else if}}', '1:3: unexpected {{else}}'],
  ['{{range .list}}{{else if .x}}{{end}}', '1:23: unexpected <if> in else'],
  ['{{with .x}}{{else if .y}}{{end}}', '1:19: unexpected <if> in else'],
  ['{{if .x}}{{else with .y}}{{end}}', '1:17: unexpected <with> in else'],
  ['{{"\\q"}}', '1:3: invalid syntax in string "\\q"'],
  ['{{"\\x4"}}', '1:3: invalid syntax in string "\\x4"'],
  ["{{\"a\nb\"}}", '1:3: unterminated quoted string'],
  ['{{#}}', '1:3: unexpected "#" in command'],
  ['{{ü}}', '1:3: function "ü" not defined'],
  ['{{()}}', '1:5: missing value for parenthesized pipeline'],
  ['{{print ( ) }}', '1:12: missing value for parenthesized pipeline'],
  ['{{end 3}}', '1:7: unexpected "3" in end'],
  ['{{if .x}}{{end}}{{end}}', '1:19: unexpected {{end}}'],
  ['{{.name}} {{ {{.name}} }}', '1:14: unexpected "{" in command'],
  ['{{print`a``b`}}', "1:3: bad character U+0060 '`'"],
  ['{{(print "a")(print "b")}}', '1:14: unexpected "(" in operand'],
  ['{{print(3)}}', '1:8: unexpected "(" in operand'],
  ['{{printf "%d"(3)}}', '1:14: unexpected "(" in operand'],
  ['{{if $x := .name}}{{end}}{{$x}}', '1:28: undefined variable "$x"'],
  ['{{$x := 1}}{{define "t"}}{{$x}}{{end}}', '1:28: undefined variable "$x"'],
  ['{{$x 3}}', '1:3: undefined variable "$x"'],
  ['{{range $x := .list}}{{end}}{{$x}}', '1:31: undefined variable "$x"'],
];

const failures: readonly Case[] = [
  ['{{.name | .n}}', '1:11: at <.n>: n is not a method but has arguments'],
  ['{{$x = 1}}', '1:3: at <$x = 1>: undefined variable: $x'],
  ['{{nil}}', '1:3: at <nil>: nil is not a command'],
  ['{{nil | print}}', '1:3: at <nil>: nil is not a command'],
  ['{{if nil}}x{{else}}y{{end}}', '1:6: at <nil>: nil is not a command'],
  ['{{.name.x}}', "1:3: at <.name.x>: can't evaluate field x in type string"],
  ['{{.n.x}}', "1:3: at <.n.x>: can't evaluate field x in type float64"],
  ['{{.list.x}}', "1:3: at <.list.x>: can't evaluate field x in type []interface {}"],
  ['{{.deep.er .name}}', '1:3: at <.deep.er>: er is not a method but has arguments'],
  ['{{.name .n}}', '1:3: at <.name>: name is not a method but has arguments'],
  ['{{.name | .deep}}', '1:11: at <.deep>: deep is not a method but has arguments'],
  ['{{.nil.x}}', '1:3: at <.nil.x>: nil pointer evaluating interface {}.x'],
  ['{{"x" .name}}', "1:3: at <\"x\">: can't give argument to non-function \"x\""],
  ['{{. .name}}', "1:3: at <.>: can't give argument to non-function ."],
  ['{{3 4}}', "1:3: at <3>: can't give argument to non-function 3"],
  ['{{$x := 1}}{{$x 3}}', "1:14: at <$x>: can't give argument to non-function $x"],
  ['{{$x := 1}}{{3 | $x}}', "1:18: at <$x>: can't give argument to non-function $x"],
  ['{{range $i, $e := 3}}{{$i}}{{end}}', "1:3: at <range $i, $e := 3>: can't use 3 to iterate over more than one variable"],
  ['{{range .n}}x{{end}}', "1:3: at <range .n>: range can't iterate over 3"],
  ['{{range .name}}x{{end}}', "1:3: at <range .name>: range can't iterate over shop"],
  ['{{range .yes}}x{{end}}', "1:3: at <range .yes>: range can't iterate over true"],
  ['{{range "abc"}}x{{end}}', "1:3: at <range \"abc\">: range can't iterate over abc"],
  ['{{range .f}}x{{end}}', "1:3: at <range .f>: range can't iterate over 1.5"],
  ['{{template "nope"}}', '1:3: at <template "nope">: template "nope" not defined'],
  ['{{define "r"}}{{template "r"}}{{end}}{{template "r"}}', '1:17: at <template "r">: templates call each other more than 200 deep'],
  ['{{define "t"}}{{.a}}{{end}}{{template "t" .map | print}}', "1:17: at <.a>: can't evaluate field a in type string"],
  ['{{and}}', '1:3: at <and>: wrong number of args for and: want at least 1 got 0'],
  ['{{or}}', '1:3: at <or>: wrong number of args for or: want at least 1 got 0'],
  ['{{not}}', '1:3: at <not>: wrong number of args for not: want 1 got 0'],
  ['{{not 1 2}}', '1:3: at <not 1 2>: wrong number of args for not: want 1 got 2'],
  ['{{or .no (index .list 9)}}', '1:11: at <index .list 9>: error calling index: index out of range: 9'],
  ['{{len .n}}', '1:3: at <len .n>: error calling len: len of type float64'],
  ['{{len .nil}}', '1:3: at <len .nil>: error calling len: len of untyped nil'],
  ['{{len 3}}', '1:3: at <len 3>: error calling len: len of type int'],
  ['{{len}}', '1:3: at <len>: wrong number of args for len: want 1 got 0'],
  ['{{index .list 3}}', '1:3: at <index .list 3>: error calling index: index out of range: 3'],
  ['{{index .list -1}}', '1:3: at <index .list -1>: error calling index: index out of range: -1'],
  ['{{index .list "a"}}', '1:3: at <index .list "a">: error calling index: cannot index slice/array with type string'],
  ['{{index .list 1.0}}', '1:3: at <index .list 1.0>: error calling index: cannot index slice/array with type float64'],
  ['{{index .list .n}}', '1:3: at <index .list .n>: error calling index: cannot index slice/array with type float64'],
  ['{{index .map 1}}', '1:3: at <index .map 1>: error calling index: value has type int; should be string'],
  ['{{index .n 1}}', "1:3: at <index .n 1>: error calling index: can't index item of type float64"],
  ['{{index .nil 1}}', '1:3: at <index .nil 1>: error calling index: index of untyped nil'],
  ['{{index}}', '1:3: at <index>: wrong number of args for index: want at least 1 got 0'],
  ['{{index .list nil}}', '1:3: at <index .list nil>: error calling index: cannot index slice/array with nil'],
  ['{{index .map nil}}', '1:3: at <index .map nil>: error calling index: value is nil; should be of type string'],
  ['{{index .map "zz" "y"}}', '1:3: at <index .map "zz" "y">: error calling index: index of nil pointer'],
  ['{{slice .name 1 9}}', '1:3: at <slice .name 1 9>: error calling slice: index out of range: 9'],
  ['{{slice .name 3 1}}', '1:3: at <slice .name 3 1>: error calling slice: invalid slice index: 3 > 1'],
  ['{{slice .name 1 2 3}}', '1:3: at <slice .name 1 2 3>: error calling slice: cannot 3-index slice a string'],
  ['{{slice .n 1}}', "1:3: at <slice .n 1>: error calling slice: can't slice item of type float64"],
  ['{{slice .name 1 2 3 4}}', '1:3: at <slice .name 1 2 3 4>: error calling slice: too many slice indexes: 4'],
  ['{{slice .nil}}', '1:3: at <slice .nil>: error calling slice: slice of untyped nil'],
  ['{{call .name}}', '1:3: at <call .name>: error calling call: non-function of type string'],
  ['{{call nil}}', '1:3: at <call nil>: error calling call: call of nil'],
  ['{{eq .n 3}}', '1:3: at <eq .n 3>: error calling eq: incompatible types for comparison: float64 and int'],
  ['{{eq .name 1}}', '1:3: at <eq .name 1>: error calling eq: incompatible types for comparison: string and int'],
  ['{{eq 1}}', '1:3: at <eq 1>: error calling eq: missing argument for comparison'],
  ['{{eq}}', '1:3: at <eq>: wrong number of args for eq: want at least 1 got 0'],
  ['{{eq .list .list}}', '1:3: at <eq .list .list>: error calling eq: non-comparable type [a b c]: []interface {}'],
  ['{{eq .map .map}}', '1:3: at <eq .map .map>: error calling eq: non-comparable type map[a:x b:1 c:<nil>]: map[string]interface {}'],
  ['{{ne .name 1}}', '1:3: at <ne .name 1>: error calling ne: incompatible types for comparison: string and int'],
  ['{{ne 1}}', '1:3: at <ne 1>: wrong number of args for ne: want 2 got 1'],
  ['{{ne 1 2 3}}', '1:3: at <ne 1 2 3>: wrong number of args for ne: want 2 got 3'],
  ['{{lt 1 1.5}}', '1:3: at <lt 1 1.5>: error calling lt: incompatible types for comparison: int and float64'],
  ['{{lt true false}}', '1:3: at <lt true false>: error calling lt: invalid type for comparison'],
  ['{{lt .list 1}}', '1:3: at <lt .list 1>: error calling lt: invalid type for comparison'],
  ['{{lt .missing 1}}', '1:3: at <lt .missing 1>: error calling lt: invalid type for comparison'],
  ['{{lt "a" 1}}', '1:3: at <lt "a" 1>: error calling lt: incompatible types for comparison: string and int'],
  ['{{le 1}}', '1:3: at <le 1>: wrong number of args for le: want 2 got 1'],
  ['{{eq .list 1}}', '1:3: at <eq .list 1>: error calling eq: incompatible types for comparison: []interface {} and int'],
  ['{{eq .list .map}}', '1:3: at <eq .list .map>: error calling eq: non-comparable types [a b c]: []interface {}, map[string]interface {}: map[a:x b:1 c:<nil>]'],
  ['{{eq 1.0 1}}', '1:3: at <eq 1.0 1>: error calling eq: incompatible types for comparison: float64 and int'],
  ['{{printf}}', '1:3: at <printf>: wrong number of args for printf: want at least 1 got 0'],
  ['{{printf 1}}', '1:10: at <1>: expected string; found 1'],
  ['{{printf .n}}', '1:10: at <.n>: wrong type for value; expected string; got float64'],
  ['{{printf .missing}}', '1:10: at <.missing>: invalid value; expected string'],
  ['{{range .nested}}{{.x}}{{end}}', "1:20: at <.x>: can't evaluate field x in type []interface {}"],
  ['{{len 3 | .map.zz}}', '1:3: at <len 3>: error calling len: len of type int'],
];

const missingKeys: readonly Case[] = [
  ['{{.missing}}', '1:3: at <.missing>: map has no entry for key "missing"'],
  ['{{.map.d}}', '1:3: at <.map.d>: map has no entry for key "d"'],
  ['{{.nil.x}}', '1:3: at <.nil.x>: nil pointer evaluating interface {}.x'],
  ['{{.deep.no.est}}', '1:3: at <.deep.no.est>: map has no entry for key "no"'],
  ['{{with .missing}}x{{end}}', '1:8: at <.missing>: map has no entry for key "missing"'],
  ['{{if .missing}}x{{end}}', '1:6: at <.missing>: map has no entry for key "missing"'],
  ['{{range .missing}}x{{end}}', '1:9: at <.missing>: map has no entry for key "missing"'],
  ['{{or .missing "d"}}', '1:6: at <.missing>: map has no entry for key "missing"'],
  ['{{$x := .missing}}', '1:9: at <.missing>: map has no entry for key "missing"'],
  ['{{if and .map .map.zz}}x{{end}}', '1:15: at <.map.zz>: map has no entry for key "zz"'],
];

const notMissing: readonly Case[] = [
  ['{{.map.c}}', '<no value>'],
  ['{{.name}}', 'shop'],
  ['{{index .map "d"}}', '<no value>'],
];

const failsAs =
  (expected: string) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof TemplateError, String(error));
    assert.equal(error.message, `template: main:${expected}`);
    return true;
  };

describe('templates: syntax errors', () => {
  for (const [text, expected] of syntax) it(`${JSON.stringify(text)} is refused`, () => assert.throws(() => template('main', text), failsAs(expected)));
});

describe('templates: failures', () => {
  for (const [text, expected] of failures) {
    it(`${JSON.stringify(text)} fails when it runs`, () => {
      const compiled = template('main', text);
      assert.throws(() => compiled.render(data), failsAs(expected));
    });
  }
});

describe('templates: keys that a map does not have', () => {
  for (const [text, expected] of missingKeys) {
    it(`${JSON.stringify(text)} fails where missing keys are errors`, () => {
      const compiled = template('main', text);
      assert.throws(() => compiled.render(data, { missingKeyFails: true }), failsAs(expected));
    });
  }
  for (const [text, expected] of notMissing) {
    it(`${JSON.stringify(text)} does not`, () => assert.equal(template('main', text).render(data, { missingKeyFails: true }), expected));
  }
});

describe('templates: limits', () => {
  const fails = (text: string, reason: RegExp): void => assert.throws(() => template('main', text).render(data), (error) => error instanceof TemplateError && reason.test(error.message));
  it('stop a part that uses itself', () => fails('{{define "r"}}{{template "r"}}{{end}}{{template "r"}}', /more than 200 deep/));
  it('stop endless loops', () => fails('{{range 2000000000}}{{end}}', /more than 1000000 rounds/));
  it('stop endless output', () => fails('{{range 1000000}}0123456789{{.}}{{end}}', /output is larger/));
  it('stop texts that double themselves', () => fails('{{$x := "0123456789"}}{{range 40}}{{$x = print $x $x}}{{end}}', /longer than/));
  it('stop deep brackets', () => fails(`{{${'('.repeat(5000)}1${')'.repeat(5000)}}}`, /too deep|depth exceeded/));
  it('stop deep conditions', () => fails('{{if 1}}'.repeat(5000) + '{{end}}'.repeat(5000), /too deep/));
  it('leave long chains of conditions alone', () => {
    const chain = Array.from({ length: 300 }, (_, i) => `{{else if eq .n ${i}.5}}${i}`).join('');
    assert.equal(template('main', `{{if .no}}a${chain}{{else}}none{{end}}`).render(data), 'none');
  });
});
