#define MIX(rotation)                                                                              \
  x += y;                                                                                          \
  y = (y << (rotation) | y >> (32 - (rotation))) ^ x;
#define EVEN MIX(13) MIX(15) MIX(26) MIX(6)
#define ODD MIX(17) MIX(29) MIX(16) MIX(24)

static void threefry(uint32_t key0, uint32_t key1, uint32_t first, uint32_t second, size_t count,
                     uint32_t *restrict first_words, uint32_t *restrict second_words) {
  uint32_t key2 = key0 ^ key1 ^ 0x1BD11BDA;
  for (size_t pair = 0; pair < count; pair++) {
    uint32_t x = first + (uint32_t)pair + key0;
    uint32_t y = second + (uint32_t)pair + key1;
    EVEN x += key1;
    y += key2 + 1;
    ODD x += key2;
    y += key0 + 2;
    EVEN x += key0;
    y += key1 + 3;
    ODD x += key1;
    y += key2 + 4;
    EVEN x += key2;
    y += key0 + 5;
    first_words[pair] = x;
    second_words[pair] = y;
  }
}
