"""llama.cpp in a child process, behind one class: `client.Engine`."""
