/** What a starter project keeps out of Git. */
export const IGNORED = `# Credentials of this machine
.env
.env.*

# Saved plans, which of them were applied, and logs
*.plan.json
.callform-applied
*.log

# What a run that was stopped in the middle leaves, and the next one needs
.callform/
.*.callform-new
.*.callform-old

node_modules/
`;
