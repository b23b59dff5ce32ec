import Settings
import Testing

struct SettingsGroupTests {
  enum Colour: String, CaseIterable, SettingValue { case red, green }

  struct Group: SettingsGroup {
    var count = 3
    var scale: Double?
    var isOn = true
    var name = "a"
    var colour = Colour.red
    var parts: [String: String] = [:]

    static let settings: [Setting<Group>] = [
      Setting("count", \.count, help: "", valueName: "n"),
      Setting("scale", \.scale, help: "", valueName: "x"),
      Setting("is-on", \.isOn, help: ""),
      Setting("name", \.name, help: "", valueName: "text"),
      Setting("colour", \.colour, help: "", valueName: "name"),
      Setting(SettingDeclaration(name: "part", kind: .number, help: ""), in: \.parts),
    ]
  }

  @Test("defaults are the properties' values, and what is nil has no text")
  func defaults() {
    #expect(
      Group().texts
        == ["count": "3", "is-on": "true", "name": "a", "colour": "red"])
  }

  @Test("texts become values, other groups' are passed over")
  func reading() throws {
    let group = try Group(reading: [
      "count": "023", "scale": "1e-3", "is-on": "No", "colour": "GREEN", "part": "7", "other": "x",
    ])
    #expect(group.count == 23 && group.scale == 0.001 && !group.isOn && group.colour == .green)
    #expect(group.name == "a" && group.parts == ["part": "7"])
    #expect(try Group(reading: group.texts).texts == group.texts)
  }

  @Test("whole numbers may have an exponent, as long as they are whole")
  func wholeNumbers() {
    for (text, number) in [
      ("1e3", 1000), ("1E3", 1000), ("1.5e1", 15), ("-2e+2", -200), ("50e-1", 5),
      ("9e15", 9_000_000_000_000_000), ("007", 7),
    ] {
      #expect(Int(whole: text) == number, "\(text)")
    }
    for text in [
      "1e-1", "1.25e1", "1e16", "1e400", "0x1e3", "1_0e1", "e3", "", "1e", "nan", "１e3",
    ] {
      #expect(Int(whole: text) == nil, "\(text)")
    }
  }

  @Test(
    "a text that is no value is refused with the flag and what would be right",
    arguments: [
      ("count", "0x10", "it must be a whole number"), ("count", "1.0", "it must be a whole number"),
      ("count", "99999999999999999999", "it must be a whole number"),
      ("scale", "1,5", "it must be a number"), ("is-on", "maybe", "it must be true or false"),
      ("colour", "blue", "choose from red, green"),
    ])
  func refuses(name: String, text: String, cause: String) {
    let error = #expect(throws: SettingsError.self) { try Group(reading: [name: text]) }
    #expect(error?.description == "--\(name) is '\(text)': \(cause)")
  }

  @Test("a setting of another is refused, one of the chosen is not")
  func owners() throws {
    let others: [(owner: String, names: [String])] = [("a", ["x", "y"]), ("b", ["z"])]
    let error = #expect(throws: SettingsError.self) {
      try refuseSettings(["z": "1", "own": "2"], of: others, for: "c", relation: "is of")
    }
    #expect(error?.description == "--z is of b, not of c: leave it out")
    try refuseSettings(["own": "2"], of: others, for: "c", relation: "is of")
  }

  @Test("names are found by capital or small letters, others with the nearest and the list")
  func catalogue() throws {
    #expect(try ["Red", "green"].named("RED", kind: "colour") { $0 } == "Red")
    let error = #expect(throws: UnknownName.self) {
      try ["Red", "green"].named("grene", kind: "colour") { $0 }
    }
    #expect(error?.kind == "colour" && error?.nearest == "green")
    #expect(error?.choices == ["Red", "green"])
  }

  @Test func listing() {
    #expect(alternatives([]) == "" && alternatives(["a"]) == "a")
    #expect(alternatives(["a", "b"]) == "a or b" && alternatives(["a", "b", "c"]) == "a, b or c")
  }
}
