#include "fake/shell_words.h"

#include <algorithm>
#include <cctype>
#include <cstring>

namespace offlab {
namespace {

struct Token {
  std::string text;
  enum class Kind { word, separator, redirection, here } kind;
};

// A redirection ends with "&N" when it names a descriptor; otherwise the next word is its file.
class Tokens {
 public:
  explicit Tokens(const std::string& text) : text_(text) {}

  std::vector<Token> read() {
    while (at_ < text_.size()) step();
    end_word();
    return std::move(tokens_);
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '\'' || c == '"') return quoted(c);
    if (text_.compare(at_, 3, "<<'") == 0) return here_document();
    if (c == '<' || c == '>') return redirection();
    if (c == ' ') {
      end_word();
      ++at_;
    } else if (std::strchr(";&|\n", c) != nullptr) {
      end_word();
      const std::size_t size = at_ + 1 < text_.size() && text_[at_ + 1] == c && c != '\n' ? 2 : 1;
      tokens_.push_back({text_.substr(at_, size), Token::Kind::separator});
      at_ += size;
    } else {
      word_ += c;
      open_ = true;
      ++at_;
    }
  }

  void quoted(char quote) {
    const std::size_t end = std::min(text_.find(quote, at_ + 1), text_.size());
    word_ += text_.substr(at_ + 1, end - at_ - 1);
    open_ = true;
    at_ = end + 1;
  }

  void here_document() {
    end_word();
    const auto end_of_name = text_.find('\'', at_ + 3);
    const std::string name = text_.substr(at_ + 3, end_of_name - at_ - 3);
    const auto begin = text_.find('\n', end_of_name) + 1;
    const auto end = text_.find("\n" + name, begin);
    tokens_.push_back({text_.substr(begin, end + 1 - begin), Token::Kind::here});
    at_ = end + 1 + name.size();
  }

  void redirection() {
    std::string sign;
    if (word_.size() == 1 && std::isdigit(static_cast<unsigned char>(word_[0])) != 0) {
      sign = word_;
      word_.clear();
      open_ = false;
    }
    end_word();
    sign += text_[at_++];
    if (at_ + 1 < text_.size() && text_[at_] == '&') {
      sign += text_.substr(at_, 2);
      at_ += 2;
    }
    tokens_.push_back({sign, Token::Kind::redirection});
  }

  void end_word() {
    if (open_) tokens_.push_back({word_, Token::Kind::word});
    word_.clear();
    open_ = false;
  }

  const std::string& text_;
  std::size_t at_ = 0;
  std::string word_;
  bool open_ = false;
  std::vector<Token> tokens_;
};

ShellCommand::Join join_of(const std::string& separator) {
  if (separator == "&&") return ShellCommand::Join::if_ok;
  return separator == "||" ? ShellCommand::Join::if_failed : ShellCommand::Join::always;
}

}  // namespace

std::vector<ShellCommand> shell_commands(const std::string& script) {
  std::vector<ShellCommand> commands(1);
  const std::vector<Token> tokens = Tokens(script).read();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    ShellCommand& now = commands.back();
    const Token& token = tokens[i];
    switch (token.kind) {
      case Token::Kind::word:
        now.words.push_back(token.text);
        break;
      case Token::Kind::here:
        now.here = token.text;
        break;
      case Token::Kind::separator:
        commands.emplace_back().join = join_of(token.text);
        break;
      case Token::Kind::redirection: {
        const bool has_file = token.text.find('&') == std::string::npos;
        const std::string file = has_file && i + 1 < tokens.size() ? tokens[++i].text : "";
        if (token.text == "<") now.input = file;
        if (token.text == ">") now.output = file;
        if (token.text == ">&2") now.output = "&2";
        break;
      }
    }
  }
  return commands;
}

}  // namespace offlab
