/** The language, held against what Go's text/template prints. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Case, data } from './cases.ts';
import { template } from './template.ts';

const oddities: readonly Case[] = [
  ['{{.name | }}', 'shop'],
  ['{{define "x"}} {{end}}{{define "x"}}2{{end}}{{template "x"}}', '2'],
  ['{{.ü}}', '<no value>'],
  ['{{$ü := 1}}{{$ü}}', '1'],
  ['{{true}}', 'true'],
  ['{{ true | not }}', 'false'],
  ['{{print nil}}', '<nil>'],
  ['{{print "a"|printf "%s"}}', 'a'],
];

const texts: readonly Case[] = [
  ['', ''],
  ['plain', 'plain'],
  ['{{/* c */}}x', 'x'],
  ['a {{- /* c */ -}} b', 'ab'],
  ['a {{- .name -}} b', 'ashopb'],
  [' {{ .name }} ', ' shop '],
  ["{{.name -}}\n\n x", 'shopx'],
  ["x\n {{- .name}}", 'xshop'],
  ['{{- "a" -}}', 'a'],
  ['{{"{{"}}', '{{'],
  ['a{b}c}}', 'a{b}c}}'],
  ['{ {{.name}} }', '{ shop }'],
  ["{{.name}}{{/* a\nb */}}", 'shop'],
  ['x{{- 3}}', 'x3'],
  ["{{ .name\n}}", 'shop'],
  ['{{"a" -}}  {{- "b"}}', 'ab'],
  ['{{3 -}}', '3'],
  ['{{-3}}', '-3'],
  ['{{- -3 -}}', '-3'],
];

const constants: readonly Case[] = [
  ['{{"a\\tb\\x2dc\\u0065\\101\\\\\\""}}', "a\tb-ceA\\\""],
  ['{{`raw\\n`}}', 'raw\\n'],
  ["{{'A'}}", '65'],
  ["{{'\\n'}}", '10'],
  ["{{'ä'}}", '228'],
  ["{{'\\''}}", '39'],
  ['{{1}} {{-1}} {{+1}} {{0x1F}} {{0o17}} {{017}} {{0b101}} {{1_000}}', '1 -1 1 31 15 15 5 1000'],
  ['{{1.5}} {{.5}} {{5.}} {{1e3}} {{1e6}} {{1E-7}} {{-2.5e10}} {{0x1p4}}', '1.5 0.5 5 1000 1e+06 1e-07 -2.5e+10 16'],
  ['{{1e21}} {{123456.789}} {{1234567.0}}', '1e+21 123456.789 1.234567e+06'],
  ['{{true}} {{false}}', 'true false'],
  ['{{print 1.0}}', '1'],
  ['{{printf "%v" 1e3}}', '1000'],
  ['{{0}}{{00}}{{-0}}', '000'],
  ["{{'\\x41'}} {{'\\u00e4'}}", '65 228'],
  ['{{"\\u00e4\\U0001F600"}}', 'ä😀'],
];

const fields: readonly Case[] = [
  ['{{.name}} {{.n}} {{.big}} {{.f}} {{.yes}} {{.no}} {{.nil}} {{.empty}}|{{.list}} {{.none}} {{.map}} {{.emptyMap}} {{.objs}}', 'shop 3 1.2345678e+07 1.5 true false <no value> |[a b c] [] map[a:x b:1 c:<nil>] map[] [map[k:v1] map[k:v2]]'],
  ['{{.missing}}', '<no value>'],
  ['{{.missing.deeper}}', '<no value>'],
  ['{{.deep.er.est}}', 'here'],
  ['{{.deep.no.est}}', '<no value>'],
  ['{{.map.a}}{{.map.b}}{{.map.c}}{{.map.d}}', 'x1<no value><no value>'],
  ['{{.}}', "map[big:1.2345678e+07 deep:map[er:map[est:here]] empty: emptyMap:map[] f:1.5 html:<a href='x'>\"&\"</a> list:[a b c] map:map[a:x b:1 c:<nil>] n:3 name:shop nested:[[1 2] [3]] nil:<nil> no:false none:[] objs:[map[k:v1] map[k:v2]] uni:häß€ yes:true]"],
  ['{{(.deep).er.est}}', 'here'],
  ['{{(index .objs 0).k}}', 'v1'],
  ['{{$.name}}', 'shop'],
  ['{{$}}', "map[big:1.2345678e+07 deep:map[er:map[est:here]] empty: emptyMap:map[] f:1.5 html:<a href='x'>\"&\"</a> list:[a b c] map:map[a:x b:1 c:<nil>] n:3 name:shop nested:[[1 2] [3]] nil:<nil> no:false none:[] objs:[map[k:v1] map[k:v2]] uni:häß€ yes:true]"],
  ['{{(.nil).x}}', '<no value>'],
  ['{{.nested}}', '[[1 2] [3]]'],
  ['{{$x := .nil}}{{$x}}|{{$x.y}}', '<no value>|<no value>'],
  ['{{index .map "c"}}', '<no value>'],
  ['{{print (index .map "c")}}', '<nil>'],
  ['{{.map.c | print}}', '<nil>'],
  ['{{printf "%v" .map.c}}', '<nil>'],
  ['{{.list | len}}', '3'],
  ['{{(len .list) | printf "%d"}}', '3'],
  ['{{.deep | print | len}}', '21'],
];

const variables: readonly Case[] = [
  ['{{$x := .name}}{{$x}}', 'shop'],
  ['{{$x := 1}}{{$x = 2}}{{$x}}', '2'],
  ['{{$x := 1}}{{if true}}{{$x := 2}}{{$x}}{{end}}{{$x}}', '21'],
  ['{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}', '2'],
  ['{{$x := .deep}}{{$x.er.est}}', 'here'],
  ['{{$x := "a"}}{{with "b"}}{{$x}}{{.}}{{$.name}}{{end}}', 'abshop'],
  ['{{if $x := .name}}{{$x}}{{end}}', 'shop'],
  ['{{with $x := .deep}}{{$x.er.est}}{{.er.est}}{{end}}', 'herehere'],
  ['{{$x := 1}}{{$x := 2}}{{$x}}', '2'],
  ['{{$x := 1}}{{range .list}}{{$x = .}}{{end}}{{$x}}', 'c'],
  ['{{$x := .name | len}}{{$x}}', '4'],
  ['{{$x := $.name}}{{$x}}', 'shop'],
  ['{{($y := 3)}}{{$y}}', '33'],
  ['{{$x := 1}}{{if true}}{{$x := $x}}{{$x}}{{end}}', '1'],
  ['{{range $i, $e := .list}}{{$x := $e}}{{$x}}{{end}}', 'abc'],
  ['{{$a := 1}}{{$b := $a}}{{$a = 5}}{{$a}}{{$b}}', '51'],
  ['{{define "p"}}{{$}}{{end}}{{template "p" .name}}', 'shop'],
  ['{{with $x := 1}}{{with $x := 2}}{{$x}}{{end}}{{$x}}{{end}}', '21'],
  ['{{$x := or .missing "d"}}{{$x}}', 'd'],
];

const conditions: readonly Case[] = [
  ['{{if .yes}}a{{else}}b{{end}}', 'a'],
  ['{{if .no}}a{{else if .n}}b{{else}}c{{end}}', 'b'],
  ['{{if .none}}a{{else if .emptyMap}}b{{else if .empty}}c{{else if .nil}}d{{else if .missing}}e{{else}}f{{end}}', 'f'],
  ['{{if .f}}a{{end}}{{if 0}}b{{end}}{{if 0.0}}c{{end}}{{if " "}}d{{end}}{{if .map}}e{{end}}{{if .list}}f{{end}}', 'adef'],
  ['{{if not .no}}x{{end}}', 'x'],
  ['{{with .deep}}{{.er.est}}{{end}}', 'here'],
  ['{{with .missing}}a{{else}}{{.name}}{{end}}', 'shop'],
  ['{{with .missing}}a{{else with .name}}{{.}}{{else}}c{{end}}', 'shop'],
  ['{{with .missing}}a{{else with .nil}}b{{else}}{{.name}}{{end}}', 'shop'],
  ['{{if .yes}}{{if .no}}a{{else}}b{{end}}{{end}}', 'b'],
  ['{{if .no}}a{{else}}{{if .yes}}b{{end}}{{end}}', 'b'],
  ['{{if eq 1 1 | not}}a{{else}}b{{end}}', 'b'],
];

const loops: readonly Case[] = [
  ['{{range .list}}{{.}},{{end}}', 'a,b,c,'],
  ['{{range $i, $e := .list}}{{$i}}={{$e}},{{end}}', '0=a,1=b,2=c,'],
  ['{{range $e := .list}}{{$e}}{{.}}{{end}}', 'aabbcc'],
  ['{{range .none}}x{{else}}empty{{end}}', 'empty'],
  ['{{range .missing}}x{{else}}empty{{end}}', 'empty'],
  ['{{range .nil}}x{{else}}empty{{end}}', 'empty'],
  ['{{range $k, $v := .map}}{{$k}}:{{$v}};{{end}}', 'a:x;b:1;c:<no value>;'],
  ['{{range .map}}{{.}};{{end}}', 'x;1;<no value>;'],
  ['{{range .emptyMap}}x{{else}}y{{end}}', 'y'],
  ['{{range 3}}{{.}}{{end}}', '012'],
  ['{{range $i := 3}}{{$i}}{{end}}', '012'],
  ['{{range 0}}x{{else}}none{{end}}', 'none'],
  ['{{range .list}}{{if eq . "b"}}{{continue}}{{end}}{{.}}{{end}}', 'ac'],
  ['{{range .list}}{{if eq . "b"}}{{break}}{{end}}{{.}}{{end}}', 'a'],
  ['{{range .objs}}{{.k}}{{$.name}}{{end}}', 'v1shopv2shop'],
  ['{{range $i, $e := .nested}}{{range $j, $f := $e}}{{$i}}{{$j}}{{$f}} {{end}}{{end}}', '001 012 103 '],
  ['{{range .nested}}{{range .}}{{if eq . 2.0}}{{break}}{{end}}{{.}}{{end}};{{end}}', '1;3;'],
  ['{{$i := 9}}{{$e := 8}}{{range $i, $e = .list}}{{end}}{{$i}}{{$e}}', '2c'],
  ['{{$e := 8}}{{range $e = .list}}{{end}}{{$e}}', 'c'],
  ['{{range $i, $e := .none}}{{else}}{{$e}}{{end}}', '[]'],
  ['{{range -1}}x{{else}}none{{end}}', 'none'],
  ['{{range $i, $_ := .list}}{{$i}}{{end}}', '012'],
  ['{{range $k := .map}}{{$k}};{{end}}', 'x;1;<no value>;'],
  ['{{range $i, $e := .objs}}{{with $e}}{{.k}}{{$i}}{{end}}{{end}}', 'v10v21'],
  ['{{range .list}}{{range $.list}}{{if eq . "b"}}{{break}}{{end}}{{.}}{{end}}|{{end}}', 'a|a|a|'],
  ['{{range $i, $e := .list}}{{if $i}}, {{end}}{{$e}}{{end}}', 'a, b, c'],
  ['{{range .nested}}{{len .}}{{else}}x{{end}}', '21'],
];

const parts: readonly Case[] = [
  ['{{define "t"}}[{{.}}]{{end}}{{template "t" .name}}{{template "t"}}', '[shop][<no value>]'],
  ['{{template "t" .name}}{{define "t"}}[{{.}}]{{end}}', '[shop]'],
  ['{{block "b" .name}}<{{.}}>{{end}}', '<shop>'],
  ['{{define "a"}}{{template "b" .}}{{end}}{{define "b"}}({{.}}){{end}}{{template "a" 1}}', '(1)'],
  ['{{define "t"}}{{$.k}}{{end}}{{range .objs}}{{template "t" .}}{{end}}', 'v1v2'],
  ['{{define "r"}}{{if .}}{{len .}}{{template "r" (slice . 1)}}{{end}}{{end}}{{template "r" .name}}', '4321'],
  ['{{define `x`}}y{{end}}{{template `x`}}', 'y'],
  ['{{define "x"}}{{end}}a', 'a'],
  ['{{if true}}{{template "x"}}{{end}}{{define "x"}}1{{end}}', '1'],
  ['{{template "t"}}{{define "u"}}u{{end}}{{block "t" .}}t{{end}}', 'tt'],
];

function check(cases: readonly Case[]): void {
  for (const [text, expected] of cases) it(`${JSON.stringify(text)} gives ${JSON.stringify(expected)}`, () => assert.equal(template('main', text).render(data), expected));
}

describe('templates: what looks odd, but is right', () => check(oddities));

describe('templates: text, comments and trim markers', () => check(texts));

describe('templates: constants', () => check(constants));

describe('templates: fields and printing', () => check(fields));

describe('templates: variables', () => check(variables));

describe('templates: if and with', () => check(conditions));

describe('templates: range', () => check(loops));

describe('templates: define, template and block', () => check(parts));
