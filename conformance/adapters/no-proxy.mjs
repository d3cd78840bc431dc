// Import this first. jsforce and axios take a proxy from the environment, jsforce even for a loopback address.

for (const name of Object.keys(process.env)) {
  if (/^(https?|all)_proxy$/i.test(name)) delete process.env[name];
}
