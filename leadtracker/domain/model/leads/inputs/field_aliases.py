"""The table of the names under which other systems and languages have the fields of a lead.

A line is of one language or of one family of programs. Case, accents, blanks and marks within a name do not
matter, see ``field_names``. A word that also means other things, such as “apellido” of Brazil, is not here.
"""

from collections.abc import Mapping
from types import MappingProxyType

FULL_NAME = "name"
CREATED_AT = "created_at"
LOST_REASON = "lost_reason"

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "first_name": """
            first name, first names, fname, given name, given names, forename, forenames, name[first]
            vorname, vornamen, rufname
            prénom, prénoms, premier prénom
            nombre, nombres, primer nombre
            nome próprio, primeiro nome
            voornaam, imię, förnamn, fornavn, etunimi, keresztnév, křestní jméno
            имя, isim, 名, 이름
        """,
        "last_name": """
            last name, last names, lname, surname, surnames, family name, family names, name[last]
            nachname, familienname, zuname
            nom, nom de famille
            apellido, apellidos, primer apellido
            cognome, sobrenome, último nome, achternaam, familienaam, nazwisko
            efternamn, etternavn, efternavn, sukunimi, vezetéknév, příjmení
            фамилия, soyad, 姓, 성
        """,
        FULL_NAME: """
            name, names, full name, name[full], complete name, display name, first and last name
            contact name, contact full name, contact person, lead name
            vor und nachname, vorname nachname, vorname und nachname, name vorname, nachname vorname
            vollständiger name, ansprechpartner, ansprechpartnerin, kontaktperson
            nom complet, nom et prénom, nom prénom, prénom et nom, prénom nom
            nombre completo, nombre y apellido, nombre y apellidos, nombres y apellidos
            nome, nome completo, nome e cognome, cognome e nome, nominativo, nome e sobrenome
            naam, volledige naam, voor en achternaam, imię i nazwisko, nazwisko i imię, pełna nazwa
            namn, navn, fullt namn, för och efternamn, nimi, teljes név, jméno a příjmení
            фио, имя и фамилия, ad soyad, お名前, 氏名, 名前, 姓名, 성함, 성명
        """,
        "email": """
            email, e-mail, mail, emails, email address, e-mail address, email addresses, email id, mail id
            email addr, reply to, email from, work email, business email, personal email, private email
            home email, email work, email home, email other, primary email, primary email address
            contact email, contact email address
            e-mail 1 - value, e-mail 2 - value, e-mail 3 - value, e-mail 2 address, e-mail 3 address
            e-mail-adresse, mailadresse, e-mail 2: adresse, e-mail 3: adresse, e-mail geschäftlich
            e-mail privat, primäre e-mail-adresse
            adresse e-mail, adresse mail, adresse de messagerie, adresse électronique, courriel
            adresse courriel
            correo, correo electrónico, dirección de correo, dirección de correo electrónico
            indirizzo e-mail, indirizzo mail, posta elettronica, indirizzo di posta elettronica
            indirizzo posta elettronica
            endereço de e-mail, endereço de correio eletrónico, correio eletrónico, endereço eletrônico
            e-mailadres, mailadres, adres e-mail, adres email, poczta, poczta elektroniczna
            e-postadress, e-postadresse, e-post, sähköposti, sähköpostiosoite, email cím, e-mailová adresa
            эл. почта, электронная почта, почта, e-posta, e-posta adresi
            メール, メールアドレス, 邮箱, 电子邮件, 电子邮箱, 電子郵件, 이메일, 이메일 주소
        """,
        "phone": """
            phone, phones, tel, telephone, phone number, phone numbers, phone number[full], phone[full]
            phone no, telephone number, telephone no, tel no, contact number, contact no, contact phone
            contact phone number, mobile, mobile phone, mobile number, mobile phone number, mobile no
            cell, cell phone, cell number, cellphone number, cellular, cellular phone
            work phone, business phone, office phone, home phone, private phone, primary phone, main phone
            work phone number, home phone number, primary phone number, main phone number, preferred phone
            phone work, phone home, phone mobile, phone other, other phone
            daytime phone, daytime telephone, evening phone, telephone mobile
            phone 1 - value, phone 2 - value, phone 3 - value, whatsapp number
            telefon, telefonnummer, telefonnr, tel nr, rufnummer, festnetz, festnetznummer, telefon festnetz
            mobiltelefon, mobil, mobilnummer, mobiltelefonnummer, mobilfunknummer, handy, handynummer
            telefon mobil, telefon privat, telefon geschäftlich, telefon dienstlich, telefon firma
            weiteres telefon, mobiltelefon 2, natel
            téléphone, numéro de téléphone, n° de téléphone, tél, tél mobile, tél portable, tél fixe
            téléphone portable, téléphone mobile, téléphone fixe, téléphone bureau
            téléphone professionnel, téléphone domicile, téléphone personnel
            portable, numéro de portable, gsm
            teléfono, número de teléfono, nº de teléfono, móvil, teléfono móvil, teléfono fijo, celular
            teléfono celular, número de celular, teléfono del trabajo, teléfono particular
            telefono, numero di telefono, recapito telefonico, cellulare, numero di cellulare
            telefono cellulare, telefono ufficio, telefono abitazione
            telefone, número de telefone, telemóvel, telefone celular, telefone comercial
            telefone residencial, número de celular, número de telemóvel
            telefoon, telefoonnummer, mobiel, mobiele telefoon, mobiel nummer, mobiele nummer, telefoon werk
            telefoon thuis, numer telefonu, nr telefonu, telefon komórkowy, telefon służbowy, telefon domowy
            telefonszám, telefonní číslo, puhelin, puhelinnumero
            телефон, номер телефона, мобильный телефон, cep telefonu
            電話, 電話番号, 携帯電話, 电话, 手机, 手机号, 联系电话, 전화번호, 연락처, 휴대폰
        """,
        "message": """
            message, msg, comment, comments, additional comments, description, body, text, body plain
            text body, note, notes, remarks, enquiry, inquiry, query, question, questions, your question
            additional information, additional info, how can we help, how can we help you
            nachricht, mitteilung, anfrage, kommentar, kommentare, bemerkung, bemerkungen, anmerkung
            anmerkungen, notiz, notizen, frage, fragen, anliegen
            commentaire, commentaires, remarques, demande
            mensaje, comentario, comentarios, observaciones, consulta
            messaggio, commento, commenti, note aggiuntive, richiesta, mensagem, observações
            bericht, opmerking, opmerkingen, vraag, toelichting, wiadomość, treść wiadomości, uwagi
            meddelande, besked, melding, viesti, üzenet, zpráva
            сообщение, комментарий, mesaj
            メッセージ, お問い合わせ内容, 留言, 消息, 메시지, 문의내용
        """,
        "source": """
            source, lead source, original source, traffic source
            quelle, leadquelle, fuente, fonte, bron, źródło
        """,
        LOST_REASON: "lost reason, closed lost reason, reason lost",
        "utm_source": "utm source",
        "utm_medium": "utm medium",
        "utm_campaign": "utm campaign",
        "utm_term": "utm term, utm keyword",
        "utm_content": "utm content",
        "gclid": "gclid, google click id",
        "referrer": "referrer, referer, http referer, referring page, referrer url, referring url",
        "landing_page": "landing page, landing page url, landing url",
        CREATED_AT: """
            created at, created, create date, created time, created on, created date, date created
            creation date, creation time, date added, date submitted, date, received, received at, received on
            date received, submitted, submitted at, submitted on, submission date, submission time
            completion time, timestamp, entry date, event created date & time
            datum, erstellt am, erstellt, erstelldatum, erstellungsdatum, eingangsdatum, eingang
            eingegangen am, anlagedatum, angelegt am, zeitstempel
            date de création, créé le, date d'ajout, horodateur
            fecha, fecha de creación, creado el, marca temporal
            data creazione, data di creazione, informazioni cronologiche
            data de criação, criado em, carimbo de data/hora
            aanmaakdatum, datum aangemaakt, aangemaakt op, tijdstempel
            data utworzenia, utworzono, sygnatura czasowa
        """,
    }
)
"""The other names of each field, separated by commas and line breaks; each name of a field is one, too."""
