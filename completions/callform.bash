# Completion for bash 4 and later. Load it with: source <(callform completion bash)
# The words come from `callform __complete`, which reads them from the program itself, so this file does not go stale.

_callform() {
  local word from value meaning
  local -a words=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
    words+=("${word//[\\\"\']/}")
  done
  COMPREPLY=()
  {
    IFS= read -r from
    while IFS=$'\t' read -r value meaning; do
      # A number may be *39, which the shell would take for a pattern.
      printf -v value %q "$value"
      COMPREPLY+=("$value")
    done
  } < <(callform __complete -- "${words[@]}" 2>/dev/null)
  case $from in
    files) compopt -o default 2>/dev/null ;;
    folders) compopt -o dirnames 2>/dev/null ;;
  esac
}

complete -F _callform callform
