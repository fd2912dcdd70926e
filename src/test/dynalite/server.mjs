// DynamoDB on this machine: dynalite, in memory and on the loopback address only. It prints its port,
// and ends when its standard input does: with the process that started it, even if that was killed.
import { createServer } from 'node:http';
import dynalite from 'dynalite';

const SCOPE = /Credential=([^/]+)\/[^/]+\/([^/]+)\//;

// One database per access key and region, as on AWS: a client in the wrong region finds no table.
const databases = new Map();

function database(request) {
  const owner = SCOPE.exec(request.headers.authorization)?.slice(1).join(' ');
  if (!databases.has(owner)) {
    databases.set(owner, dynalite({ createTableMs: 0, deleteTableMs: 0 }));
  }
  return databases.get(owner);
}

const server = createServer((request, response) => database(request).emit('request', request, response));
// A client that keeps a connection must not find it closed when it next sends a write.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit()).resume();
