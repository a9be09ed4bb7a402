#include "actors/image_post.hpp"

#include "tests/actors/raw_client.hpp"
#include "tests/actors/three_workers.hpp"

namespace volley::actors {
namespace {

namespace cluster = runtime::cluster;

/// What a listener heard.
struct told_of_images {
  image_listener listener() {
    return {[this](cluster::parcel what) {
              const std::lock_guard guard(mutex);
              arrived.push_back(std::move(what));
            },
            [this](cluster::worker_number peer) {
              const std::lock_guard guard(mutex);
              lost.push_back(peer);
            },
            [this](cluster::worker_number peer, const std::string&) {
              const std::lock_guard guard(mutex);
              unreachable.push_back(peer);
            }};
  }
  template <class Of> bool has(Of&& what) {
    return soon([&] {
      const std::lock_guard guard(mutex);
      return what();
    });
  }
  std::mutex mutex;
  std::vector<cluster::parcel> arrived;
  std::vector<cluster::worker_number> lost, unreachable;
};

class an_image_post : public three_workers {
 protected:
  static constexpr cluster::cut_name cut{3, 4, -5};

  ~an_image_post() override {
    for (auto& one : posts)
      if (one) one->close();
  }
  void open(std::size_t who, const std::string& secret = "secret") {
    posts[who] = doors[who].open_for_images(here, worker(who), secret, news[who].listener());
  }
  cluster::told::place::peer address(std::size_t of) { return {worker(of), "127.0.0.1", doors[of].port()}; }
  void bring(std::size_t from, std::size_t to, std::uint32_t vp, const cluster::image& content) {
    posts[from]->bring(address(to), {cut, vp, content});
  }
  static runtime::shared_bytes bytes(std::size_t size) {
    return std::make_shared<const std::vector<std::byte>>(size, std::byte{7});
  }
  static cluster::image image(std::size_t size, std::vector<runtime::shared_bytes> events = {}) {
    return std::make_shared<const runtime::shard_image>(runtime::shard_image{bytes(size), std::move(events)});
  }

  std::array<told_of_images, 3> news;
  std::array<std::shared_ptr<image_carrier>, 3> posts;
};

TEST_F(an_image_post, brings_images_whole_and_in_their_order_both_ways_at_once) {
  for (std::size_t who : {0, 1, 2}) open(who);
  for (std::uint32_t vp = 0; vp < 3; ++vp) {
    bring(0, 1, vp, image(5'000'001 * vp));
    bring(1, 0, vp, image(1'000'003 * vp));
    bring(2, 0, vp + 10, image(13));
  }
  EXPECT_TRUE(news[1].has([&] { return news[1].arrived.size() == 3; }));
  EXPECT_TRUE(news[0].has([&] { return news[0].arrived.size() == 6; }));
  for (std::uint32_t vp = 0; vp < 3; ++vp) {
    EXPECT_EQ(news[1].arrived[vp].cut, cut);
    EXPECT_EQ(news[1].arrived[vp].vp, vp);
    EXPECT_EQ(*news[1].arrived[vp].content, *image(5'000'001 * vp));
  }
  EXPECT_TRUE(news[0].lost.empty() && news[1].lost.empty());
}

TEST_F(an_image_post, brings_pieces_as_they_are_and_says_which_are_left_out) {
  for (std::size_t who : {0, 1}) open(who);
  const auto sent = image(3, {bytes(5), bytes(0), bytes(70'000)});
  const cluster::cut_name base{3, 4, -15};
  posts[0]->bring(address(1), {cut, 2, sent, 12, base});
  ASSERT_TRUE(news[1].has([&] { return news[1].arrived.size() == 1; }));
  EXPECT_EQ(*news[1].arrived[0].content, *sent);
  EXPECT_EQ(news[1].arrived[0].left_out, 12u);
  EXPECT_EQ(news[1].arrived[0].base, base);
}

TEST_F(an_image_post, waits_until_the_other_knows_of_the_placement) {
  open(0);
  bring(0, 1, 0, image(100));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  open(1);
  EXPECT_TRUE(news[1].has([&] { return news[1].arrived.size() == 1; }));
}

TEST_F(an_image_post, tells_whom_it_cannot_reach) {
  open(0);
  open(2, "guess");
  posts[0]->bring({worker(1), "127.0.0.1", 1}, {cut, 0, image(1)});
  bring(0, 2, 0, image(1));
  EXPECT_TRUE(news[0].has([&] { return news[0].unreachable.size() == 2; })) << "nobody there, and another secret";
  EXPECT_TRUE(news[2].arrived.empty());
}

TEST_F(an_image_post, tells_when_what_it_has_sent_may_be_lost_and_connects_again) {
  open(0);
  open(1);
  bring(0, 1, 0, image(100));
  ASSERT_TRUE(news[1].has([&] { return news[1].arrived.size() == 1; }));
  posts[1]->close();
  EXPECT_TRUE(news[0].has([&] { return news[0].lost == std::vector{worker(1)}; }));
  open(1);
  bring(0, 1, 1, image(100));
  EXPECT_TRUE(news[1].has([&] { return news[1].arrived.size() == 2; }));
}

}  // namespace
}  // namespace volley::actors
