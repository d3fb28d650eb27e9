import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPublicAddress, webhookUrlFault } from './public-address.ts'

const inner = [
  ['this machine', ['127.0.0.1', '127.8.9.1', '0.0.0.0', '::1', '::']],
  [
    'private networks',
    ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd12:3456::1'],
  ],
  ['carriers', ['100.64.0.1', '100.127.255.255', '198.18.0.1', '192.0.0.1']],
  ['the link and the metadata service', ['169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'fd00:ec2::254']],
  ['groups', ['224.0.0.1', '239.255.255.255', '255.255.255.255', '240.0.0.1', 'ff02::1']],
  [
    'IPv4 inside IPv6',
    ['::ffff:127.0.0.1', '::ffff:a9fe:a9fe', '::127.0.0.1', '64:ff9b::10.0.0.1', '2002:7f00:1::'],
  ],
  ['IPv4 translated', ['::ffff:0:10.0.0.1']],
  ['tunnels', ['2001::1', '2001:10::1', '2001:20::1']],
] as const

for (const [what, addresses] of inner) {
  test(`addresses of ${what} are not public`, () => {
    assert.deepEqual(addresses.filter(isPublicAddress), [])
  })
}

test('addresses of the internet are public, also inside IPv6', () => {
  const outer = [
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
    '2002:808:808::1',
  ]
  assert.deepEqual(
    outer.filter((address) => !isPublicAddress(address)),
    [],
  )
})

test('what is no address is not public', () => {
  assert.deepEqual(['', 'localhost', '127.1', '1.2.3', 'example.org'].filter(isPublicAddress), [])
})

const refused = [
  'http://example.org/hook',
  'ftp://example.org/',
  'file:///etc/passwd',
  'gopher://example.org/',
  'https://user:password@example.org/',
  'https://user@example.org/',
  'https://127.0.0.1/',
  'https://127.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0177.0.0.1/',
  'https://0x7f.1/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:7f00:1]/',
  'https://[0:0:0:0:0:0:0:1]:8443/',
  'https://169.254.169.254/latest/meta-data/',
  'https://[fd00:ec2::254]/',
  'https://10.1.2.3/',
  'https://①②⑦.0.0.1/',
  'https://127。0。0。1/',
  'https://224.0.0.1/',
  'not a url',
]
for (const url of refused) {
  test(`${url} is refused as a webhook without resolving anything`, () => {
    assert.notEqual(webhookUrlFault(url, false), null)
  })
}

test('names and public addresses over https are accepted; where names lead is seen when connecting', () => {
  for (const url of [
    'https://example.org/hook?x=1',
    'https://example.org:8443/',
    'https://8.8.8.8/',
    'https://localhost/',
  ]) {
    assert.equal(webhookUrlFault(url, false), null, url)
  }
})

test('the development switch allows http and private addresses, and still no password in the URL', () => {
  assert.equal(webhookUrlFault('http://127.0.0.1:9000/hook', true), null)
  assert.notEqual(webhookUrlFault('http://user:password@127.0.0.1/', true), null)
  assert.notEqual(webhookUrlFault('ftp://127.0.0.1/', true), null)
})
