#include "setting/find_setting.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/diagnostic.h"
#include "setting/rows.h"
#include "setting/setting.h"

namespace offlab {
namespace {

// Looking for the nearest of all keys takes time in the key's length.
constexpr std::size_t longest_guess = 64;

// The canonical name that follows the row's word; nothing when `word` is not of this row.
std::optional<std::string> match(const Row& row, const std::string& word) {
  if (!row.names) return row.word == word ? std::optional<std::string>("") : std::nullopt;
  if (word.rfind(row.word, 0) != 0) return std::nullopt;
  return row.names->canonical(word.substr(row.word.size()));
}

template <typename Items, typename Name>
std::optional<std::size_t> position_of(const Items& items, Name name) {
  const auto found = std::find_if(items.begin(), items.end(), name);
  return found == items.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - items.begin()));
}

// "wan.mtu" without its first word; empty when it has but one.
std::string rest_of(const std::string& key) {
  const auto dot = key.find('.');
  return dot == std::string::npos ? "" : key.substr(dot + 1);
}

class KeySearch {
 public:
  KeySearch(const Topology& topology, const std::string& key) : topology_(topology), key_(key) {}

  std::variant<FoundSetting, SettingError> result() {
    look();
    if (found_.empty()) return unknown();
    if (found_.size() > 1)
      return SettingError{true, fmt::format("'{}' may mean two settings", key_),
                          fmt::format("network '{}' has the name of a kind of settings: rename it, or write "
                                      "NODE.NETWORK.SETTING in full",
                                      second_)};
    for (const Part& part : found_.front().parts)
      if (found_.front().row->trouble)
        if (const std::string trouble = found_.front().row->trouble(topology_, part); !trouble.empty())
          return SettingError{true, trouble, ""};
    return std::move(found_.front());
  }

 private:
  void look() {
    add(Scope::lab, key_, {Part{}});
    for (const Row& row : setting_rows())
      if (row.everywhere) add_if_it_fits(row, key_, parts_of(topology_, row.scope));
    if (!found_.empty()) return;
    const std::string word = rest_of(key_);
    const auto is_head = [head = key_.substr(0, key_.find('.'))](const auto& one) { return one.name == head; };
    if (const auto network = position_of(topology_.networks, is_head)) {
      add(Scope::network, word, {Part{.network = *network}});
      kinds_ = {Scope::network};
    } else if (const auto node = position_of(topology_.nodes, is_head)) {
      look_on_node(*node, word);
    } else if (const auto flow = position_of(topology_.flows, is_head)) {
      add(Scope::flow, word, {Part{.flow = *flow}});
      kinds_ = {Scope::flow};
    }
    word_ = kinds_.empty() ? key_ : word_.empty() ? word : word_;
  }

  void look_on_node(std::size_t node, const std::string& word) {
    node_ = &topology_.nodes[node];
    kinds_ = {Scope::node, Scope::interface};
    std::vector<Part> all;
    for (std::size_t i = 0; i < node_->interfaces.size(); ++i) all.push_back({.node = node, .interface = i});
    add(Scope::node, word, {Part{.node = node}});
    add(Scope::interface, word, all);
    second_ = word.substr(0, word.find('.'));
    const auto on = position_of(node_->interfaces, [&](const Interface& one) { return one.network == second_; });
    if (!on || second_.size() == word.size()) return;
    add(Scope::interface, rest_of(word), {all[*on]});
    kinds_ = {Scope::interface};
    word_ = rest_of(word);
  }

  void add(Scope scope, const std::string& word, const std::vector<Part>& parts) {
    for (const Row& row : setting_rows())
      if (row.scope == scope) add_if_it_fits(row, word, parts);
  }

  void add_if_it_fits(const Row& row, const std::string& word, const std::vector<Part>& parts) {
    if (const auto name = match(row, word)) found_.push_back({&row, parts, *name});
  }

  // What may follow the names that the key begins with.
  std::vector<std::string> words_here() const {
    if (kinds_.empty()) return setting_keys(topology_);
    std::vector<std::string> words;
    for (const Row& row : setting_rows()) {
      if (std::find(kinds_.begin(), kinds_.end(), row.scope) == kinds_.end()) continue;
      if (!row.names) words.push_back(row.word);
      if (row.names)
        for (const std::string& name : row.names->all) words.push_back(row.word + name);
    }
    return words;
  }

  SettingError unknown() const {
    if (node_ != nullptr)
      for (const Row& row : setting_rows())
        if (row.names && row.names->hint && rest_of(key_).rfind(row.word, 0) == 0 && row.scope == Scope::node)
          return no_such_name(row, rest_of(key_).substr(row.word.size()));
    if (node_ != nullptr && names_no_network())
      return {true, fmt::format("node '{}' has no interface on a network '{}'", node_->name, second_), ""};
    const std::string nearest = key_.size() > longest_guess ? "" : nearest_word(word_, words_here());
    return {true, fmt::format("unknown setting '{}'", key_),
            nearest.empty() ? "settings are listed by 'offlab validate --settings FILE'"
                            : fmt::format("did you mean '{}{}'?", key_.substr(0, key_.size() - word_.size()), nearest)};
  }

  SettingError no_such_name(const Row& row, const std::string& name) const {
    return {true, fmt::format("there is no setting '{}'", key_), row.names->hint(name)};
  }

  // NODE.X.KEY, where X is neither a network of the node nor the beginning of a setting's word.
  bool names_no_network() const {
    if (rest_of(rest_of(key_)).empty() || kinds_ == std::vector{Scope::interface}) return false;
    const std::vector<Row>& rows = setting_rows();
    return std::none_of(rows.begin(), rows.end(),
                        [&](const Row& row) { return row.word.rfind(second_ + ".", 0) == 0; });
  }

  const Topology& topology_;
  const std::string& key_;
  std::vector<FoundSetting> found_;
  std::vector<Scope> kinds_;    // of what the key's names lead to; none: to nothing
  std::string word_;            // what follows the names
  const Node* node_ = nullptr;  // that the key begins with
  std::string second_;          // the word after the node's name
};

}  // namespace

std::variant<FoundSetting, SettingError> find_setting(const Topology& topology, const std::string& key) {
  return KeySearch(topology, key).result();
}

}  // namespace offlab
