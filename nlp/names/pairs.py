"""Names that French and English write differently, folded; tables and nothing else.

Countries are those of Unicode CLDR 47 whose names differ; the rest are official names of
institutions and the usual names of large cities. People are in no table.
"""

_COUNTRIES = """
afrique du sud=south africa; albanie=albania; algerie=algeria; allemagne=germany; andorre=andorra;
arabie saoudite=saudi arabia; argentine=argentina; armenie=armenia; australie=australia;
autriche=austria; azerbaidjan=azerbaijan; bahrein=bahrain; barbade=barbados; belgique=belgium;
bielorussie=belarus; birmanie=burma=myanmar; bolivie=bolivia; bosnie herzegovine=bosnia and
herzegovina=bosnia herzegovina; bosnie=bosnia; bresil=brazil; bulgarie=bulgaria;
cambodge=cambodia; cameroun=cameroon; cap vert=cape verde; chili=chile; chine=china;
chypre=cyprus; colombie=colombia; comores=comoros; coree du nord=north korea; coree du sud=south
korea; coree=korea; croatie=croatia; danemark=denmark; egypte=egypt; emirats arabes unis=united
arab emirates; equateur=ecuador; erythree=eritrea; espagne=spain; estonie=estonia;
ethiopie=ethiopia; finlande=finland; gambie=gambia; georgie=georgia; grece=greece;
groenland=greenland; guinee=guinea; guinee equatoriale=equatorial guinea; hongrie=hungary;
inde=india; indonesie=indonesia; irak=iraq; irlande=ireland; irlande du nord=northern ireland;
islande=iceland; italie=italy; jamaique=jamaica; japon=japan; jordanie=jordan;
kirghizstan=kyrgyzstan; koweit=kuwait; lettonie=latvia; liban=lebanon; libye=libya;
lituanie=lithuania; macedoine=macedonia; macedoine du nord=north macedonia; malaisie=malaysia;
malte=malta; maroc=morocco; mauritanie=mauritania; mexique=mexico; moldavie=moldova;
mongolie=mongolia; namibie=namibia; norvege=norway; nouvelle zelande=new zealand; nouvelle
caledonie=new caledonia; ouganda=uganda; ouzbekistan=uzbekistan; pays bas=netherlands; perou=peru;
pologne=poland; porto rico=puerto rico; republique centrafricaine=central african republic;
republique dominicaine=dominican republic; republique tcheque=czech republic=tchequie=czechia;
roumanie=romania; royaume uni=united kingdom=uk=britain=great britain; russie=russia; sahara
occidental=western sahara; serbie=serbia; singapour=singapore; slovaquie=slovakia;
slovenie=slovenia; somalie=somalia; soudan=sudan; soudan du sud=south sudan; suede=sweden;
suisse=switzerland; syrie=syria; tadjikistan=tajikistan; tanzanie=tanzania; tchad=chad;
thailande=thailand; tunisie=tunisia; turquie=turkey=turkiye; viet nam=vietnam; zambie=zambia;
ecosse=scotland; angleterre=england; pays de galles=wales; cote d ivoire=ivory coast; territoires
palestiniens=palestinian territories; etats unis=etats unis d amerique=united states=united states
of america=usa=us; afrique=africa; asie=asia; amerique=america; amerique latine=latin america;
amerique du nord=north america; moyen orient=middle east; proche orient=near east; bande de
gaza=gaza strip; cisjordanie=west bank; californie=california; floride=florida
"""

_CITIES = """
alger=algiers; anvers=antwerp; athenes=athens; barcelone=barcelona; berne=bern; beyrouth=beirut;
bruges=brugge; bruxelles=brussels; bucarest=bucharest; damas=damascus; copenhague=copenhagen;
douvres=dover; dresde=dresden; edimbourg=edinburgh; florence=firenze; francfort=frankfurt;
geneve=geneva; genes=genoa; hambourg=hamburg; kiev=kyiv; la haye=hague; la havane=havana; la
mecque=mecca; le caire=cairo; lisbonne=lisbon; londres=london; luxembourg=luxemburg; lyon=lyons;
marseille=marseilles; milan=milano; moscou=moscow; munich=munchen; naples=napoli; la nouvelle
orleans=new orleans; pekin=beijing; philadelphie=philadelphia; rome=roma; saint petersbourg=st
petersburg; seville=sevilla; strasbourg=strassburg; teheran=tehran; turin=torino; varsovie=warsaw;
venise=venice; vienne=vienna; le cap=cape town; bagdad=baghdad; alep=aleppo; lattaquie=latakia;
sanaa=sana a; djeddah=jeddah; ryad=riyad=riyadh; mossoul=mosul; benghazi=bengazi;
misrata=misurata; syrte=sirte; ajdabiya=ajdabiyah; zaouia=zawiya; tobrouk=tobruk; deraa=daraa;
kaboul=kabul; khartoum=khartum; mogadiscio=mogadishu; zurich=zuerich; bale=basel; cologne=koln;
mayence=mainz; ratisbonne=regensburg; treves=trier; dunkerque=dunkirk; la valette=valletta
"""

_INSTITUTIONS = """
al jazira=al djazira=al jazeera; nations unies=organisation des nations unies=onu=united
nations=united nations organization=un; union europeenne=european union=ue=eu; otan=organisation
du traite de l atlantique nord=nato=north atlantic treaty organization= north atlantic treaty
organisation; oms=organisation mondiale de la sante=who=world health organization=world health
organisation; fmi=fonds monetaire international=imf=international monetary fund; omc=organisation
mondiale du commerce=wto=world trade organization; oit=organisation internationale du
travail=ilo=international labour organization; bce=banque centrale europeenne=ecb=european central
bank; cpi=cour penale internationale=icc=international criminal court; cij=cour internationale de
justice=icj=international court of justice; cedh=cour europeenne des droits de l
homme=echr=european court of human rights; cjue=cour de justice de l union europeenne=cjeu=court
of justice of the european union= european court of justice; aiea=agence internationale de l
energie atomique=iaea=international atomic energy agency; ocde=organisation de cooperation et de
developpement economiques=oecd= organisation for economic co operation and development;
osce=organisation pour la securite et la cooperation en europe= organization for security and co
operation in europe; opep=organisation des pays exportateurs de petrole=opec= organization of the
petroleum exporting countries; hcr=haut commissariat des nations unies pour les refugies=unhcr=
united nations high commissioner for refugees; pam=programme alimentaire mondial=wfp=world food
programme; cicr=comite international de la croix rouge=icrc=international committee of the red
cross; ua=union africaine=african union=au; ligue arabe=arab league; croix rouge=red cross;
croissant rouge=red crescent; ccg=conseil de cooperation du golfe=gcc=gulf cooperation council;
banque mondiale=world bank; reserve federale=federal reserve; maison blanche=white house;
commission europeenne=european commission; parlement europeen=european parliament; conseil de l
europe=council of europe; conseil europeen=european council; conseil de securite=conseil de
securite des nations unies=conseil de securite de l onu= security council=united nations security
council=un security council; assemblee nationale=national assembly; chambre des communes=house of
commons; conseil d etat=council of state; conseil constitutionnel=constitutional council; cour de
cassation=court of cassation; cour des comptes=court of auditors; defenseur des droits=defender of
rights; commission nationale de l informatique et des libertes=cnil= national commission for
informatics and liberties= national commission on informatics and liberty; cepd=comite europeen de
la protection des donnees=edpb=european data protection board; amnesty international=amnesty;
medecins sans frontieres=msf=doctors without borders; reporters sans frontieres=rsf=reporters
without borders; ligue des droits de l homme= ldh=human rights league; armee syrienne
libre=asl=free syrian army=fsa; conseil national de transition=cnt=national transitional
council=ntc; conseil national syrien=syrian national council; freres musulmans=muslim brotherhood;
osdh=observatoire syrien des droits de l homme=syrian observatory for human rights=sohr; etat
islamique=islamic state=isis=isil=daech=daesh; pentagone=pentagon; vatican=holy see=saint siege
"""

WORD_PAIRS = """
ministere=ministry; ministre=minister; interieur=interior; defense=defence; affaires=affairs;
etrangeres=foreign; economie=economy; finances=finance; sante=health; travail=labour=labor;
transports=transport=transportation; environnement=environment; conseil=council; comite=committee;
cour=court; tribunal=court; tribunaux=courts; administratif=administrative; appel=appeal=appeals;
penale=criminal; constitutionnel=constitutional; constitutionnelle=constitutional;
parlement=parliament; assemblee=assembly; nationale=national; nationaux=national;
internationale=international; europeenne=european; europeen=european; agence=agency;
autorite=authority; bureau=office=bureau; ville=city; universite=university; institut=institute;
ecole=school; centre=center; observatoire=observatory; syndicat=union; parti=party;
socialiste=socialist; communiste=communist; democrate=democratic; democratique=democratic;
republicain=republican; mouvement=movement; ligue=league; armee=army; marine=navy; banque=bank;
centrale=central; fonds=fund; monde=world; mondial=world; mondiale=world; droits=rights;
homme=human; securite=security; donnees=data; developpement=development; libre=free;
musulman=muslim; islamique=islamic; arabe=arab; syrien=syrian; syrienne=syrian; libyen=libyan;
libyenne=libyan; francais=french; francaise=french; britannique=british; americain=american;
americaine=american; russe=russian; allemand=german; allemande=german; italien=italian;
italienne=italian; espagnol=spanish; espagnole=spanish; belge=belgian; suisse=swiss;
chinois=chinese; chinoise=chinese; israelien=israeli; israelienne=israeli; iranien=iranian;
iranienne=iranian; turc=turkish; turque=turkish; egyptien=egyptian; egyptienne=egyptian;
ukrainien=ukrainian; ukrainienne=ukrainian; africain=african; africaine=african;
organisation=organization; fondation=foundation; societe=society; transitional=transition;
reseau=network; independant=independent; independante=independent; haut=high; haute=high;
generale=general; mixte=joint; enquete=inquiry; renseignement=intelligence;
renseignements=intelligence; recherche=research; scientifique=scientific; presse=press
"""
"""Words of institutions' names; each group is one concept, whatever the language."""


def _read(table: str) -> dict[str, str]:
    """Return the last of each group, which is English, by each of its names."""
    flat = " ".join(table.split())
    groups = ([_plain(name) for name in group.split("=")] for group in flat.split(";"))
    return {name: group[-1] for group in groups for name in group if name}


def _plain(name: str) -> str:
    """Return a name as `words` gives it: without elided words and without its article."""
    found = [word for word in name.split() if word not in ("l", "d")]
    return " ".join(found[1:] if found[1:] and found[0] in ("la", "le", "les") else found)


PLACES = _read(f"{_COUNTRIES} {_CITIES}")
INSTITUTIONS_BY_NAME = _read(_INSTITUTIONS)
CONCEPTS = _read(WORD_PAIRS)
