import Testing

import JSON

@Suite struct OverrideTests {
  func document(_ text: String) throws -> JSONNode { try JSONParser.parse(Array(text.utf8), origin: .file("x.json")) }

  func applied(_ override: String, to text: String) throws -> String {
    CanonicalJSON.text(try Override(override).applied(to: document(text)).value)
  }

  static let variants = #"{"variants":[{"name":"Base"},{"name":"Base + ASPP"},{"name":"v.2"}]}"#
  static let accepted: [(String, String, String)] = [
    ("training.epochs=3", #"{"training":{"batch":8,"epochs":50}}"#, #"{"training":{"batch":8,"epochs":3}}"#),
    ("training.epochs=3", "{}", #"{"training":{"epochs":3}}"#),
    ("a.b.c=[1,{\"d\":null}]", "{}", #"{"a":{"b":{"c":[1,{"d":null}]}}}"#),
    ("dataset.path=/data/MR = 1.nii", "{}", #"{"dataset":{"path":"/data/MR = 1.nii"}}"#),
    ("title=true story", "{}", #"{"title":"true story"}"#),
    ("title=\"A,training.epochs=3\"", "{}", #"{"title":"A,training.epochs=3"}"#),
    ("title=of 20 cases, n=3", "{}", #"{"title":"of 20 cases, n=3"}"#),
    ("tables=[folds, cost]", "{}", #"{"tables":["folds","cost"]}"#),
    ("tables=[none, site]", "{}", #"{"tables":["none","site"]}"#),
    ("mixed=[2,x y,null,\"z\"]", "{}", #"{"mixed":[2,"x y",null,"z"]}"#),
    ("title='tis true", "{}", #"{"title":"'tis true"}"#),
    ("title=\"'7'\"", "{}", #"{"title":"'7'"}"#),
    ("title=\"7\"", "{}", #"{"title":"7"}"#),
    ("on=true", "{}", #"{"on":true}"#),
    ("rate=1e-3", "{}", #"{"rate":0.001}"#),
    ("variants.1.x=1", variants, #"{"variants":[{"name":"Base"},{"name":"Base + ASPP","x":1},{"name":"v.2"}]}"#),
    ("variants[1].x=1", variants, #"{"variants":[{"name":"Base"},{"name":"Base + ASPP","x":1},{"name":"v.2"}]}"#),
    ("variants.Base.x=1", variants, #"{"variants":[{"name":"Base","x":1},{"name":"Base + ASPP"},{"name":"v.2"}]}"#),
    (
      "variants.Base + ASPP.x.y=1", variants,
      #"{"variants":[{"name":"Base"},{"name":"Base + ASPP","x":{"y":1}},{"name":"v.2"}]}"#
    ),
    ("variants.\"v.2\".x=1", variants, #"{"variants":[{"name":"Base"},{"name":"Base + ASPP"},{"name":"v.2","x":1}]}"#),
    ("size[0]=12", #"{"size":[18,256,128]}"#, #"{"size":[12,256,128]}"#),
    ("a.b=1", #"{"a":null}"#, #"{"a":{"b":1}}"#),
    ("variants.v=1", #"{"variants":{}}"#, #"{"variants":{"v":1}}"#),
  ]

  @Test(arguments: accepted) func setsOneValue(override: String, before: String, after: String) throws {
    #expect(try applied(override, to: before) == after)
  }

  static let refused: [(String, String)] = [
    ("training.epochs: 3", "there is no = after the path; write --set training.epochs=3"),
    ("training.epochs 3", "there is no = after the path; write --set training.epochs=3"),
    ("\"name\": \"a b\"", "there is no = after the path; write --set 'name=\"a b\"'"),
    ("training.epochs = 3", "a setting has no blanks around its =; write --set training.epochs=3"),
    ("\"name\" = 3", "there is no = after the path; write --set name=3"),
    ("training.epochs", "there is no = after the path; write --set key.path=value"),
    ("=3", "a step of the path is empty or its quote is open; write --set key.path=value"),
    ("a..b=3", "a step of the path is empty or its quote is open; write --set key.path=value"),
    ("\"a.b=3", "a step of the path is empty or its quote is open; write --set key.path=value"),
    ("\"a\"b=3", "there is no = after the path; write --set key.path=value"),
    (
      "training.epochs=",
      "training.epochs: a value should stand behind the equals sign; what holds without one is said by --set"
        + " training.epochs=null"
    ),
    (
      "sizes=[1,000]",
      "sizes: a comma divides values, and 000 behind it is none here; the digits of one number stand without signs"
        + " between, as 1000, and decimals have a point, as 0.001"
    ),
    ("size=[18,256", "size: the text ends where a comma or ] should follow"),
    ("name=\"x", "name: the text ends where the closing quote of a text should follow"),
    (
      "name=A,training.epochs=3,training.batch=2",
      "name: 3 settings in one --set; give each its own: --set name=A --set training.epochs=3 --set training.batch=2. One"
        + " text with such signs in it stands in double quotes"
    ),
    (
      "sizes=[1,2],name.x=3",
      "sizes: 2 settings in one --set; give each its own: --set 'sizes=[1,2]' --set name.x=3. One text with such signs in"
        + " it stands in double quotes"
    ),
    (
      "name='a b'",
      "name: the quotes reached the program and would be part of the text; write --set 'name=a b', or double quotes within where"
        + " the text has such signs"
    ),
    (
      "name=\u{201C}a\u{201D}",
      "name: the quotes reached the program and would be part of the text; write --set name=a, or double quotes within where"
        + " the text has such signs"
    ),
    ("on=[True]", "on: True is not JSON; the words are true, false and null, texts stand in double quotes: write true"),
    ("sizes=[1 2]", "sizes: found 2 where a comma should stand"),
    ("name.first=x", "name: \"here\" has no parts; set it to an object first"),
    ("variants.Bse.x=1", "variants: no element Bse, did you mean Base?; there are Base, Base + ASPP, v.2"),
    ("variants.3.x=1", "variants: no element 3; there are 0 to 2 (Base, Base + ASPP, v.2)"),
    ("variants[-1].x=1", "variants: no element -1; there are 0 to 2 (Base, Base + ASPP, v.2)"),
    ("sizes.9=1", "sizes: no element 9; there are 0 to 2"),
    ("empty.0=1", "empty: no element 0; the list is empty"),
  ]

  @Test(arguments: refused) func refusesWithTheOptionsText(override: String, expected: String) throws {
    let text = #"{"name":"here","sizes":[1,2,3],"empty":[],"# + Self.variants.dropFirst()
    #expect {
      try applied(override, to: text)
    } throws: { error in
      "\(error)" == "--set \(override): \(expected)"
    }
  }

  @Test func aSetValueRemembersWhereItCameFrom() throws {
    let node = try Override("a.b=x").applied(to: document("{}"))
    #expect(node["a"]?["b"]?.place.description == "--set a.b=x")
  }
}
