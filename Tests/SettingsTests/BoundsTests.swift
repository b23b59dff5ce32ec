import Settings
import Testing

struct BoundsTests {
  @Test(
    "two numbers are read and written",
    arguments: [
      ("0.7,inf", 0.7, .infinity, "0.7,inf"), ("-1, 1", -1, 1, "-1,1"),
      ("-inf,1e-3", -.infinity, 0.001, "-inf,0.001"), ("2,2", 2, 2, "2,2"),
    ] as [(String, Double, Double, String)])
  func reads(_ text: String, _ lower: Double, _ upper: Double, _ written: String) throws {
    let bounds = try Bounds(text: text, of: "range")
    #expect(bounds == Bounds(lower, upper))
    #expect(bounds.settingText == written)
  }

  @Test(
    "what is no range is refused",
    arguments: ["", ",", "1", "1,", "1,2,3", "a,b", "nan,1", "1,nan", "0x1,2", "2,1", "inf,-inf"])
  func refuses(_ text: String) {
    let error = #expect(throws: SettingsError.self) { try Bounds(text: text, of: "range") }
    #expect(error?.description.hasPrefix("--range is '\(text)': ") == true)
  }
}
