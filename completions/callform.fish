# Completion for fish. Load it with: callform completion fish | source
# The words come from `callform __complete`, which reads them from the program itself, so this file does not go stale.

function __callform_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l current (commandline -ct | string unescape)
    set -l lines (callform __complete -- $words "$current" 2>/dev/null)
    set -l from $lines[1]
    set -e lines[1]
    switch "$from"
        case files
            __fish_complete_path "$current"
        case folders
            __fish_complete_directories "$current" ""
        case '*'
            printf '%s\n' $lines
    end
end

complete -c callform -f -a '(__callform_complete)'
