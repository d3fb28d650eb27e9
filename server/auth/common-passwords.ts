/**
 * Passwords that guessers try first: words that people choose, as they are and with the endings that people add, and
 * walks over the keyboard. Only what an eight-character minimum lets through is kept.
 */

const words = `password passwort motdepasse contrasena senha parola haslo wachtwoord lozinka sifre heslo salasana
  welcome welkom willkommen bienvenue letmein changeme default secret secure security access account
  admin administrator root system manager master superuser operator service support server guest user username
  login logon signin test tester testing demo sample example temp temporary office company business internet
  computer laptop desktop network windows linux apple google samsung nokia microsoft android iphone oracle cisco
  qwerty qwertz azerty asdf asdfgh asdfghjkl zxcvbn zxcvbnm qwertyuiop qwer qweasd qweasdzxc qazwsx qazwsxedc wasd
  abc abcd abcde abcdef abcdefg abcdefgh iloveyou ilove loveyou loveme lovely lover love lovers forever always
  sunshine princess football baseball basketball softball volleyball soccer hockey tennis cricket golf rugby boxing
  dragon monkey tiger lion panther eagle falcon phoenix dolphin elephant butterfly penguin wolf shark spider snake
  horse rabbit kitten puppy doggie kitty cat dog bear bunny turtle panda koala
  superman batman spiderman ironman wolverine joker avengers captain starwars startrek matrix pokemon pikachu
  naruto minecraft fortnite warcraft nintendo playstation xbox zelda mario sonic tetris gandalf hobbit merlin
  shadow hunter ranger warrior killer ninja samurai pirate wizard knight soldier sniper viking legend
  summer winter spring autumn january february march april june july august september october november december
  monday tuesday wednesday thursday friday saturday sunday holiday vacation christmas easter halloween birthday
  flower rose daisy lily orchid garden rainbow cherry banana orange apple peanut cookie cookies chocolate candy
  cheese coffee pepper ginger sugar honey butter pancake pizza hamburger chicken icecream cupcake
  red blue green yellow purple silver golden gold black white diamond crystal platinum pearl ruby emerald
  michael michelle jessica jennifer ashley amanda nicole daniel matthew joshua andrew anthony charlie george
  robert thomas william david james john joseph richard christian christina elizabeth samantha stephanie victoria
  alexander alexandra alexis andrea angela anna barbara benjamin brandon brian catherine charles daniela danielle
  dominic edward emily emma eric evelyn florian francis gabriel hannah harry heather helena isabella jackson jacob
  jasmine jason jonathan jordan julia justin karina katherine kevin kimberly laura lauren leonard linda louise
  lucas madison maria marina mark martin mary max maxwell melanie melissa miguel monica nathan natalie natasha
  nicholas oliver olivia patricia patrick peter rachel rebecca roberto ronaldo messi beckham samuel sandra sarah
  scott sebastian sophie stefan stella steven sabrina susan taylor teresa theresa timothy vanessa veronica vincent
  angel angels heaven jesus christ jesuschrist godbless blessed faith grace trinity genesis prayer
  money dollar lucky success winner champion victory freedom liberty justice power energy future dream dreams
  happy smile smiley friend friends bestfriend family mother father mommy daddy mamma babygirl babyboy baby sister
  brother sweetheart sweety honeybee darling beautiful handsome awesome amazing fantastic whatever nothing
  mustang corvette ferrari porsche mercedes toyota honda yamaha suzuki ducati kawasaki harley camaro chevrolet bmw
  liverpool arsenal chelsea manchester barcelona realmadrid juventus bayern milan everton celtic rangers
  london paris berlin hamburg dallas chicago boston denver austin houston newyork brooklyn california florida texas
  america american england scotland ireland germany france canada mexico brazil australia india russia pakistan
  cowboys steelers packers eagles raiders lakers yankees redsox patriots broncos giants dodgers tigers
  metallica nirvana slipknot eminem beatles elvis madonna rihanna shakira greenday blink guitar drummer music
  hello hallo bonjour hola aloha please thanks thankyou sorry goodbye midnight moonlight sunset ocean mountain
  river forest desert island paradise beach water fire thunder lightning storm earth nature planet galaxy universe
  fuckyou fucker asshole bullshit bitch badboy badgirl sexy hotstuff pussy bigdick blowjob naughty
  trustno trustme mypassword mypass yourpassword newpassword nopassword thepassword passw passwd pass pw
  banana doctor teacher student college school university marine police fireman player gamer hacker coder
  monster zombie vampire ghost demon devil diablo evil death skull darkness inferno nemesis destiny
  todo todolist task tasks
  maverick hardcore bigdaddy cocacola marlboro liverpoo scorpion redskins butthead metallic shithead creative garfield
  godzilla airborne lifehack snowball redwings guinness lasvegas dickhead explorer snickers alexande michigan carolina
  lacrosse christin kristina poohbear bollocks drowssap caroline einstein maryjane svetlana westside courtney anderson
  stargate simpsons scarface cherokee semperfi marshall franklin vladimir freeuser wildcats budlight brittany swordfis
  bulldogs swordfish spitfire bulldog johnson williams wilson smith miller davis buffalo diesel rocket turbo cobra
  viper panthers wildcat airplane rangers1 phantom samson apollo hercules pegasus unicorn mermaid fairy stingray
  nicholas christophe jonathan1 rush2112 blink182 bond007 4815162342 8675309 thx1138 ncc1701 ncc1701d jordan23 catch22
  babylon5 1232323q 01012011 01011980 01011990 01012000 31121999 11112222 11223344 12344321 123454321 1234554321
  111222333 112233445566 13579246 24681012 147852369 741852963 963852741 159357456 123qweasd 123qwe 12qwaszx asd123
  passport letmein1 welcome1 p4ssw0rd iloveu loveu ilove you2 fuckoff suckit biteme eatme hateyou`

const endings = `1 2 3 7 9 11 12 13 21 22 23 69 77 88 99 00 01 07 10 007 101 111 123 234 321 420 555 666 777 789 888 911
  999 000 1234 2345 4321 12345 54321 123456 654321 1234567 12345678 123456789 1! 12! 123! 1234! ! !! !!! !1 !12
  !123 @1 @12 @123 @1234 #1 #123 $ . ? * 1990 1991 1992 1993 1994 1995 1996 1997 1998 1999 2000 2001 2002 2003 2004
  2005 2006 2007 2008 2009 2010 2011 2012 2013 2014 2015 2016 2017 2018 2019 2020 2021 2022 2023 2024 2025 2026 2027
  2028 2029 2030 a q x z abc xyz qwe you me`

/** Rows and columns of keyboards; any run along one of them, either way, is a walk. */
const lanes = [
  '01234567890123456789012345678901234567890',
  'abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p',
  'qazwsxedcrfvtgbyhnujmikolp',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
  'zaq12wsxcde34rfvbgt56yhn',
  '1qazxsw23edcvfr45tgbnhy6',
  '147258369014725836901472583690',
  '789456123078945612307894561230',
]

const split = (text: string) => text.trim().split(/\s+/)

/** The commonest substitutions, taken back: `p@ssw0rd` is `password`. */
const unleet = (text: string) =>
  text.replaceAll(
    /[@430$51!7]/g,
    (sign) => ({ '@': 'a', 4: 'a', 3: 'e', 0: 'o', $: 's', 5: 's', 1: 'i', '!': 'i', 7: 't' })[sign]!,
  )

const known = new Set(split(words))
const tails = new Set(split(endings))

/** True for a password that a guesser tries early. Case makes no difference; nor does writing a word twice. */
export function isCommonPassword(password: string): boolean {
  // The longest of them is far shorter.
  if (password.length > 40) return false
  const plain = password.toLowerCase()
  return isRepeated(plain) || isKnown(plain) || isKnown(plain.replace(/[!?.*#]+$/, ''))
}

/** One or two letters again and again, or a word or a walk twice or more. */
function isRepeated(text: string): boolean {
  const unit = text.slice(0, (text + text).indexOf(text, 1))
  return unit !== text && (/^[ -~]{1,2}$/.test(unit) || isPart(unit))
}

const isWalk = (text: string): boolean => {
  const back = [...text].reverse().join('')
  return lanes.some((lane) => lane.includes(text) || lane.includes(back))
}

const isPart = (text: string): boolean => known.has(text) || known.has(unleet(text)) || isWalk(text)

/** A word or a walk, alone, with an ending, or with another walk behind it. */
function isKnown(text: string): boolean {
  if (isPart(text)) return true
  for (let at = 2; at < text.length; at += 1) {
    const [head, tail] = [text.slice(0, at), text.slice(at)]
    if (isPart(head) && (tails.has(tail) || isWalk(tail))) return true
    if (tails.has(head) && known.has(tail)) return true
  }
  return false
}
