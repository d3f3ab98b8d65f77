/**
 * Registrable domains of sites that are often imitated, or so well known that nothing else may look like them: banks and
 * payment, mail, stores, social networks, software, news, travel, public authorities. Collected by hand; a site is here
 * because people trust it, not because we recommend it. What stands first wins where two look the same.
 */
export const wellKnownSites: readonly string[] = `
google.com youtube.com facebook.com instagram.com whatsapp.com twitter.com x.com wikipedia.org reddit.com amazon.com
apple.com icloud.com microsoft.com live.com outlook.com office.com office365.com microsoftonline.com windows.com bing.com
msn.com skype.com xbox.com azure.com sharepoint.com onedrive.com linkedin.com github.com gitlab.com bitbucket.org
stackoverflow.com stackexchange.com npmjs.com pypi.org docker.com kubernetes.io cloudflare.com akamai.com fastly.com
digitalocean.com heroku.com netlify.com vercel.com godaddy.com namecheap.com wordpress.com wordpress.org blogger.com
blogspot.com tumblr.com medium.com pinterest.com snapchat.com tiktok.com telegram.org signal.org discord.com slack.com
zoom.us webex.com teams.com dropbox.com box.com wetransfer.com docusign.com adobe.com salesforce.com oracle.com sap.com
ibm.com intel.com amd.com nvidia.com dell.com lenovo.com hp.com cisco.com vmware.com samsung.com sony.com huawei.com
xiaomi.com nokia.com siemens.com bosch.com mozilla.org firefox.com chromium.org debian.org ubuntu.com redhat.com
kernel.org apache.org python.org nodejs.org openssl.org letsencrypt.org gnu.org archive.org duckduckgo.com yahoo.com
yandex.ru mail.ru vk.com ok.ru baidu.com qq.com taobao.com tmall.com jd.com alibaba.com aliexpress.com alipay.com
weibo.com sina.com.cn 163.com naver.com daum.net kakao.com line.me rakuten.co.jp yahoo.co.jp amazon.co.jp mercari.com
gmail.com protonmail.com proton.me gmx.net gmx.de web.de t-online.de freenet.de posteo.de mailbox.org orange.fr free.fr
laposte.net libero.it virgilio.it wp.pl onet.pl interia.pl seznam.cz centrum.cz telekom.com vodafone.com verizon.com
att.com t-mobile.com comcast.net xfinity.com bt.com sky.com o2.co.uk ee.co.uk telefonica.com
paypal.com stripe.com square.com squareup.com venmo.com cash.app wise.com revolut.com klarna.com n26.com skrill.com
westernunion.com moneygram.com payoneer.com visa.com mastercard.com americanexpress.com discover.com chase.com
bankofamerica.com wellsfargo.com citi.com citibank.com usbank.com capitalone.com pnc.com truist.com tdbank.com schwab.com
fidelity.com vanguard.com etrade.com robinhood.com morganstanley.com goldmansachs.com jpmorgan.com hsbc.com hsbc.co.uk
barclays.com barclays.co.uk lloydsbank.com lloydsbank.co.uk natwest.com rbs.co.uk santander.com santander.co.uk
halifax.co.uk nationwide.co.uk monzo.com starlingbank.com deutsche-bank.de commerzbank.de postbank.de sparkasse.de ing.de
ing.com ing.nl rabobank.nl abnamro.nl dkb.de comdirect.de consorsbank.de volksbank.de hypovereinsbank.de ubs.com
credit-suisse.com raiffeisen.ch raiffeisen.at postfinance.ch bawag.at erstebank.at bnpparibas.com societegenerale.fr
credit-agricole.fr labanquepostale.fr creditmutuel.fr caisse-epargne.fr boursorama.com unicredit.it intesasanpaolo.com
bbva.com bbva.es caixabank.es bankinter.com nordea.com danskebank.dk swedbank.se seb.se handelsbanken.se dnb.no
pkobp.pl mbank.pl santander.pl sberbank.ru tinkoff.ru vtb.ru alfabank.ru icicibank.com hdfcbank.com sbi.co.in axisbank.com
commbank.com.au westpac.com.au anz.com nab.com.au rbc.com td.com scotiabank.com bmo.com cibc.com itau.com.br bradesco.com.br
bb.com.br nubank.com.br caixa.gov.br mercadopago.com coinbase.com binance.com kraken.com blockchain.com metamask.io
opensea.io uniswap.org crypto.com bitstamp.net gemini.com ledger.com trezor.io myetherwallet.com
ebay.com ebay.de ebay.co.uk amazon.de amazon.co.uk amazon.fr amazon.it amazon.es amazon.in amazon.ca amazonaws.com
walmart.com target.com costco.com bestbuy.com homedepot.com lowes.com ikea.com etsy.com shopify.com wayfair.com
zalando.de otto.de mediamarkt.de saturn.de lidl.de aldi.com kaufland.de allegro.pl bol.com coolblue.nl cdiscount.com
fnac.com leroymerlin.fr mercadolibre.com mercadolivre.com.br flipkart.com myntra.com lazada.com shopee.com tokopedia.com
temu.com shein.com asos.com nike.com adidas.com zara.com hm.com
netflix.com spotify.com hulu.com disneyplus.com disney.com hbomax.com primevideo.com twitch.tv vimeo.com soundcloud.com
steampowered.com steamcommunity.com epicgames.com roblox.com minecraft.net playstation.com nintendo.com ea.com ubisoft.com
blizzard.com battle.net riotgames.com
nytimes.com washingtonpost.com wsj.com bloomberg.com reuters.com cnn.com foxnews.com nbcnews.com theguardian.com bbc.co.uk
bbc.com ft.com economist.com telegraph.co.uk dailymail.co.uk spiegel.de zeit.de faz.net sueddeutsche.de bild.de heise.de
tagesschau.de zdf.de ard.de lemonde.fr lefigaro.fr elpais.com elmundo.es corriere.it repubblica.it aljazeera.com asahi.com
nikkei.com scmp.com timesofindia.com
booking.com airbnb.com expedia.com tripadvisor.com trivago.com hotels.com agoda.com skyscanner.net kayak.com uber.com
lyft.com bolt.eu lufthansa.com ryanair.com easyjet.com britishairways.com airfrance.com klm.com emirates.com delta.com
united.com bahn.de oebb.at sbb.ch sncf.com trainline.com flixbus.com dhl.com dhl.de dpd.com hermesworld.com gls-group.com
ups.com fedex.com usps.com royalmail.com deutschepost.de post.ch post.at canadapost.ca auspost.com.au
irs.gov usa.gov ssa.gov medicare.gov nasa.gov nih.gov cdc.gov whitehouse.gov state.gov gov.uk nhs.uk europa.eu bund.de
bundesregierung.de elster.de ameli.fr impots.gouv.fr service-public.fr agenziaentrate.gov.it admin.ch gosuslugi.ru
canada.ca ato.gov.au my.gov.au uidai.gov.in who.int un.org
indeed.com glassdoor.com xing.com monster.com coursera.org udemy.com khanacademy.org duolingo.com harvard.edu mit.edu
stanford.edu berkeley.edu ox.ac.uk cam.ac.uk ethz.ch quora.com imdb.com craigslist.org zillow.com yelp.com weather.com
webmd.com mayoclinic.org trello.com atlassian.com notion.so figma.com canva.com evernote.com asana.com monday.com
zendesk.com hubspot.com mailchimp.com intuit.com turbotax.com quickbooks.com norton.com mcafee.com kaspersky.com avast.com
bitwarden.com lastpass.com 1password.com okta.com auth0.com duosecurity.com yubico.com openai.com chatgpt.com anthropic.com
huggingface.co deepl.com
`
  .trim()
  .split(/\s+/);
