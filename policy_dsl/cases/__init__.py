"""Cases: YAML and tables to a `Case` typed by the policy, templates and schemas for those who write them."""
