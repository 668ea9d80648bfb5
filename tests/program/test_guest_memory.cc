// SPDX-License-Identifier: BSD-3-Clause
// GuestMemory: permissions, zeroes, decoded code, copies, and what its observers hear.
#include <gtest/gtest.h>
#include "program/guest_memory.hh"

namespace sim {
namespace {

constexpr u64 kPage = GuestMemory::kPageBytes;

TEST(GuestMemory, NewPagesAreZeroAndRemappingForgets) {
    GuestMemory memory;
    memory.map(0x10000, 2 * kPage, kRead | kWrite);
    EXPECT_EQ(memory.load(0x10ffc, 8), 0u);
    memory.store(0x10ffc, 8, 0x1122334455667788);
    EXPECT_EQ(memory.load(0x11000, 4), 0x11223344u);
    memory.map(0x10000, kPage, kRead);
    EXPECT_EQ(memory.load(0x10ffc, 4), 0u);
    EXPECT_EQ(memory.load(0x11000, 4), 0x11223344u) << "the other page stays";
    memory.unmap(0x11000, kPage);
    memory.map(0x11000, kPage, kRead);
    EXPECT_EQ(memory.load(0x11000, 4), 0u);
}

TEST(GuestMemory, AnAccessNeedsEveryByteInsideTheWindowAndPermitted) {
    GuestMemory memory;
    memory.map(0x10000, kPage, kRead);
    memory.map(GuestMemory::kSize - kPage, kPage, kRead | kWrite);
    EXPECT_TRUE(memory.allows(0x10ff8, 8, kRead));
    EXPECT_FALSE(memory.allows(0x10ff9, 8, kRead));
    EXPECT_FALSE(memory.allows(0x10000, 1, kWrite));
    EXPECT_TRUE(memory.allows(GuestMemory::kSize - 8, 8, kRead | kWrite));
    EXPECT_FALSE(memory.allows(GuestMemory::kSize - 7, 8, kRead));
    EXPECT_FALSE(memory.allows(GuestMemory::kSize, 1, kRead));
    EXPECT_FALSE(memory.allows(~u64{0}, 8, kRead));
    EXPECT_FALSE(memory.allows(8, ~u64{0}, kRead));
}

TEST(GuestMemory, SystemCallsReadAndWriteOnlyWhatThePagesAllow) {
    GuestMemory memory;
    memory.map(0x10000, kPage, kRead | kWrite);
    memory.map(0x11000, kPage, kRead);
    u64 value = 42;
    EXPECT_TRUE(memory.write(0x10ff8, &value, 8));
    EXPECT_FALSE(memory.write(0x10ffc, &value, 8));
    EXPECT_TRUE(memory.read(0x10ff8, &value, 8));
    EXPECT_FALSE(memory.read(0x11ffc, &value, 8));
    EXPECT_EQ(memory.allowed_bytes(0x10ff0, 100, kWrite), 16u);
    EXPECT_EQ(memory.allowed_bytes(0x12000, 100, kRead), 0u);
    EXPECT_EQ(memory.allowed_bytes(GuestMemory::kSize, 1, kRead), 0u);
    EXPECT_EQ(memory.write_in_place(0x11000, 4), nullptr);
    memory.place(0x11000, &value, 8);
    EXPECT_EQ(memory.load(0x11000, 8), 42u);
}

TEST(GuestMemory, StringsEndAtTheirZeroOrFailAtAPageThatIsNotThere) {
    GuestMemory memory;
    memory.map(0x10000, 2 * kPage, kRead | kWrite);
    const char text[] = "crosses a page";
    memory.write(0x11000 - 5, text, sizeof text);
    std::string read;
    EXPECT_TRUE(memory.read_string(0x11000 - 5, read));
    EXPECT_EQ(read, "crosses a page");
    memory.write(0x12000 - 3, "abc", 3);
    EXPECT_FALSE(memory.read_string(0x12000 - 3, read));
    EXPECT_FALSE(memory.read_string(0x11000 - 5, read, 4)) << "longer than the limit";
    EXPECT_FALSE(memory.read_string(~u64{0}, read));
}

class CountsChanges : public CodeListener {
  public:
    void code_changed(Address page) override { pages.push_back(page); }
    std::vector<Address> pages;
};

TEST(GuestMemory, WhoKeepsDecodedCodeHearsOnceBeforeItChanges) {
    GuestMemory memory;
    CountsChanges listener;
    memory.add_code_listener(listener);
    memory.map(0x10000, 4 * kPage, kRead | kWrite | kExecute);
    for (Address page = 0x10; page < 0x14; ++page) memory.mark_code(page);
    memory.store(0x10ffe, 4, 1);   // two pages
    EXPECT_EQ(listener.pages, (std::vector<Address>{0x10, 0x11}));
    memory.store(0x10ffe, 4, 1);
    EXPECT_EQ(listener.pages.size(), 2u) << "no decoded code is left there";
    memory.protect(0x12000, kPage, kRead);
    memory.unmap(0x13000, kPage);
    EXPECT_EQ(listener.pages, (std::vector<Address>{0x10, 0x11, 0x12, 0x13}));
}

TEST(GuestMemory, ACopyHasTheSamePagesContentsAndPermissions) {
    GuestMemory from, to;
    from.map(0x10000, 2 * kPage, kRead | kWrite | kExecute);
    from.store(0x10800, 8, 77);
    from.mark_code(0x10);
    from.map(0x3'0000'0000, kPage, 0);
    to.map(0x10000, kPage, kRead | kWrite);
    to.store(0x10100, 8, 5);
    to.map(0x50000, kPage, kRead | kWrite);
    to.copy_from(from);
    EXPECT_EQ(to.load(0x10800, 8), 77u);
    EXPECT_EQ(to.load(0x10100, 8), 0u);
    EXPECT_EQ(to.flags()[0x10], kRead | kWrite | kExecute | kMapped);
    EXPECT_FALSE(to.allows(0x50000, 1, kMapped));
    EXPECT_EQ(to.mapped_pages(), 3u);
    from.store(0x10800, 8, 78);
    EXPECT_EQ(to.load(0x10800, 8), 77u) << "a copy, not a view";
}

class Notes : public GuestMemory::Observer {
  public:
    void written(Address a, u64 bytes) override { writes.push_back({a, bytes}); }
    void flags_changed(Address a, u64 bytes) override { changes.push_back({a, bytes}); }
    std::vector<std::pair<Address, u64>> writes, changes;
};

TEST(GuestMemory, AnObserverSeesSystemCallsButNotStores) {
    GuestMemory memory;
    Notes notes;
    memory.set_observer(&notes);
    memory.map(0x10000, 2 * kPage, kRead | kWrite);
    memory.store(0x10000, 8, 1);
    memory.write(0x10010, "abc", 3);
    memory.protect(0x11000, kPage, kRead);
    EXPECT_EQ(notes.writes, (std::vector<std::pair<Address, u64>>{{0x10010, 3}}));
    EXPECT_EQ(notes.changes, (std::vector<std::pair<Address, u64>>{{0x10000, 2 * kPage}, {0x11000, kPage}}));
}

}  // namespace
}  // namespace sim
