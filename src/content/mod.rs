//! Markdown to questions, lexicons, and choosing what to ask. Pure.
