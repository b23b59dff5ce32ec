import Settings
import Testing

struct NamedValuesTests {
  @Test(
    "values are read by name and written in one order",
    arguments: [
      ("a=1", ["a": "1"], "a=1"), (" b = x,y ;a=1;", ["a": "1", "b": "x,y"], "a=1; b=x,y"),
      ("a=1; a=2", ["a": "2"], "a=2"), ("a=b=c", ["a": "b=c"], "a=b=c"),
      ("range=0.7, inf", ["range": "0.7, inf"], "range=0.7, inf"),
    ] as [(String, [String: String], String)])
  func reads(_ text: String, _ values: [String: String], _ written: String) throws {
    let read = try NamedValues(text: text, of: "env-option")
    #expect(read.values == values && read.settingText == written)
    #expect(try NamedValues(text: written, of: "env-option") == read)
    #expect(SettingKind.namedValues.accepts(text))
  }

  @Test(
    "what is no value of a name is refused",
    arguments: [("", ""), ("a", "a"), ("a=1; b", "b"), ("=1", "=1"), ("a=", "a="), (" ; ", " ; ")])
  func refuses(_ text: String, _ part: String) {
    let error = #expect(throws: SettingsError.self) {
      try NamedValues(text: text, of: "env-option")
    }
    #expect(error?.description == "--env-option is '\(part)': it must be name=value")
    #expect(!SettingKind.namedValues.accepts(text))
  }

  @Test("of several texts the last value of a name counts, and none has no text")
  func joins() {
    #expect(NamedValues.joined(["a=1; b=2", "c=3", " b = 4"]) == "a=1; c=3; b = 4")
    #expect(NamedValues.joined(["a", "a=1", "b"]) == "a=1; b")
    #expect(NamedValues.joined([]) == "" && NamedValues().settingText == nil)
  }
}
